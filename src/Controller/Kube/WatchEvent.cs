using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>One line of a watch.</summary>
/// <param name="Object">The object, for Added, Modified and Deleted.</param>
/// <param name="Key">The object's name, but for Bookmark, Error and Garbled.</param>
/// <param name="ResourceVersion">Where to resume after this event.</param>
/// <param name="Status">The reason, for Error.</param>
/// <param name="UnreadablePath">The field at fault, for Unreadable.</param>
internal readonly record struct WatchEvent<T>(
    WatchEventType Type, T? Object, NamespacedName Key = default, string? ResourceVersion = null, KubeStatus? Status = null, string? UnreadablePath = null)
    where T : class;
