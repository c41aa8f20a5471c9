using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>A secret with its versions; a deleted version is null.</summary>
internal sealed class VaultSimulatedSecret
{
    private readonly List<JsonObject?> versions = [];

    public JsonObject? Custom { get; set; }

    public int Count => versions.Count;

    public JsonObject? Newest => versions.LastOrDefault();

    public void Add(JsonObject values) => versions.Add(values);

    public JsonObject? Version(int number) => versions[number - 1];

    public void DeleteNewest()
    {
        if (versions.Count > 0) versions[^1] = null;
    }

    // api-docs/secret/kv/kv-v2#read-secret-metadata
    public JsonObject Metadata() => new()
    {
        ["created_time"] = "2024-01-02T03:04:05.678Z",
        ["current_version"] = versions.Count,
        ["delete_version_after"] = "0s",
        ["custom_metadata"] = Custom?.DeepClone(),
    };
}
