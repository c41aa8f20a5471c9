namespace GitOpsSecrets.Controller.Kube;

internal enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing changed up to this resourceVersion.</summary>
    Bookmark,

    /// <summary>The server ends the watch with a <see cref="KubeStatus"/>.</summary>
    Error,

    /// <summary>An object changed, and does not read as its kind: only its name and version are known.</summary>
    Unreadable,

    /// <summary>A line that is no event: what it said is lost, so the reader has to list again.</summary>
    Garbled,
}
