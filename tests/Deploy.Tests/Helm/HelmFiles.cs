using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary><c>.Files</c>: what lies in the chart beside its templates.</summary>
internal sealed class HelmFiles(string chart)
{
    public string Get(string path)
    {
        var full = Path.Combine(Repository.PathOf(chart), path);
        return File.Exists(full) ? File.ReadAllText(full) : ""; // so does Helm
    }

    public JsonObject AsConfig(string pattern) => new(Repository.Files(chart, "*")
        .Select(file => file[(chart.Length + 1)..])
        .Where(file => FileSystemName.MatchesSimpleExpression(pattern, file))
        .Select(file => KeyValuePair.Create(Path.GetFileName(file), (JsonNode?)JsonValue.Create(Get(file)))));
}
