using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>What the body of an event says.</summary>
/// <param name="Store">The name of a store; null when none is named.</param>
/// <param name="Namespace">A namespace; null when none is named.</param>
internal sealed record ToldChange(RemoteChange Change, string? Store = null, string? Namespace = null);
