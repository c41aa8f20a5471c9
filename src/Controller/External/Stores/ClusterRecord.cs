using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>An object that was read for a store, and its version then: when it changes, the store is opened anew.</summary>
/// <param name="IsSecret">A Secret; else a ConfigMap.</param>
internal readonly record struct ClusterRecord(bool IsSecret, NamespacedName Name, string? Version);
