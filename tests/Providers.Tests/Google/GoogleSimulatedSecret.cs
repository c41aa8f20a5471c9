using System.Globalization;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>A secret with its versions, numbered from 1.</summary>
internal sealed class GoogleSimulatedSecret(string name)
{
    private readonly List<GoogleSimulatedVersion> versions = [];
    private int changes;

    public SortedDictionary<string, string> Labels { get; private set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Annotations { get; private set; } = new(StringComparer.Ordinal);

    public List<string> Topics { get; private set; } = [];

    public JsonNode? Replication { get; private set; }

    public IReadOnlyList<GoogleSimulatedVersion> Versions => versions;

    public string Etag => string.Create(CultureInfo.InvariantCulture, $"\"{changes}\"");

    public GoogleSimulatedVersion Add(byte[] payload)
    {
        var version = new GoogleSimulatedVersion(versions.Count + 1, payload);
        versions.Add(version);
        return version;
    }

    public GoogleSimulatedVersion? Find(string version) => version == "latest" ? versions.LastOrDefault()
        : int.TryParse(version, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= versions.Count ? versions[number - 1] : null;

    public void Set(JsonObject body)
    {
        changes++;
        Labels = Map(body["labels"]);
        Annotations = Map(body["annotations"]);
        Topics = [.. body["topics"]?.AsArray().Select(topic => (string)topic!["name"]!) ?? []];
        Replication = body["replication"]?.DeepClone() ?? Replication;
    }

    // Google tells names by the number of the project.
    public JsonObject Describe() => new()
    {
        ["name"] = name.Replace("projects/my-project/", "projects/123456/", StringComparison.Ordinal),
        ["labels"] = Json(Labels),
        ["annotations"] = Json(Annotations),
        ["topics"] = new JsonArray([.. Topics.Select(topic => (JsonNode)new JsonObject { ["name"] = topic })]),
        ["etag"] = Etag,
    };

    private static SortedDictionary<string, string> Map(JsonNode? json) => new(json?.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!) ?? [], StringComparer.Ordinal);

    private static JsonObject Json(SortedDictionary<string, string> map) => new(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
