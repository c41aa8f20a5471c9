using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Manifests;

/// <summary>One rendered object.</summary>
internal sealed record Manifest(JsonObject Json)
{
    public string ApiVersion => (string?)Json["apiVersion"] ?? throw new InvalidDataException("an object without apiVersion");

    public string Kind => (string?)Json["kind"] ?? throw new InvalidDataException("an object without kind");

    public string Name => (string?)Json["metadata"]?["name"] ?? throw new InvalidDataException($"a {Kind} without name");

    /// <summary><c>null</c> for an object that belongs to no namespace.</summary>
    public string? Namespace => (string?)Json["metadata"]?["namespace"];

    /// <summary>The node at a path of property names.</summary>
    public JsonNode? this[params ReadOnlySpan<string> path]
    {
        get
        {
            JsonNode? node = Json;
            foreach (var name in path) node = node?[name];
            return node;
        }
    }

    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}
