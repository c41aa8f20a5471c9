using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api.Yaml;

public static class YamlWriter
{
    /// <summary>One document, keys sorted, as sigs.k8s.io/yaml prints it; ends with a newline; no <c>---</c>.</summary>
    public static string Write(JsonNode? node) => throw new NotImplementedException();
}
