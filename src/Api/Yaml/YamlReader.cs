using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api.Yaml;

public static class YamlReader
{
    /// <summary>Every document of a stream of YAML 1.1 documents or concatenated JSON values.</summary>
    /// <exception cref="YamlFormatException">Not readable, a duplicate key, or beyond a limit.</exception>
    public static IReadOnlyList<YamlDocument> ReadAll(string text, YamlLimits? limits = null) => throw new NotImplementedException();

    /// <summary>The one document of a text; a second one is an error.</summary>
    /// <exception cref="YamlFormatException">As <see cref="ReadAll"/>.</exception>
    public static JsonNode? Read(string text, YamlLimits? limits = null) => throw new NotImplementedException();
}
