using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>A request that the simulator got.</summary>
internal sealed record VaultSeen(string Method, string Path, string? Token, string? Namespace, string? Index, string? Inconsistent, JsonObject? Body);
