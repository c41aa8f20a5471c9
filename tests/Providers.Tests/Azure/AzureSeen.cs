using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>A request that the simulator got.</summary>
/// <param name="Form">The fields of a login.</param>
internal sealed record AzureSeen(string Method, string Path, string Query, string? Token, JsonObject? Body, IReadOnlyDictionary<string, string> Form);
