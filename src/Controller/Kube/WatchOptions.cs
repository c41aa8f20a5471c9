namespace GitOpsSecrets.Controller.Kube;

/// <summary>How to watch.</summary>
/// <param name="ResourceVersion">Events after this version; from a list, an event or a bookmark.</param>
/// <param name="ServerTimeout">When the server shall end the watch, so that watches move to new replicas of the API server.</param>
/// <param name="IdleTimeout">How long nothing may come, not even a bookmark, before the connection is taken for dead.</param>
internal sealed record WatchOptions(string? ResourceVersion, TimeSpan ServerTimeout, TimeSpan IdleTimeout);
