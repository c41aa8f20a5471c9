using System.Text.Json.Nodes;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>One case of <c>tests/vectors/sealed/index.json</c>.</summary>
internal sealed class VectorCase
{
    private readonly JsonObject json;
    private readonly string root;

    public VectorCase(JsonObject json, string root)
    {
        this.json = json;
        this.root = root;
    }

    public string Id => Text("id");

    public string Kind => Text("kind");

    public string Scope => Text("scope");

    public string Namespace => Text("namespace");

    public string Name => Text("name");

    public IReadOnlyList<string> Keys => [.. json["keys"]!.AsArray().Select(key => key!.GetValue<string>())];

    public IReadOnlyList<string> SealArguments => [.. json["seal_args"]!.AsArray().Select(argument => argument!.GetValue<string>())];

    /// <summary>Value of an option among <see cref="SealArguments"/>, or <c>null</c>.</summary>
    public string? SealOption(string name) => SealArguments.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();

    public string Text(string field) => json[field]?.GetValue<string>() ?? throw new InvalidDataException($"{json["id"]} has no {field}");

    /// <summary>Text of a file of the case, by its role.</summary>
    public string File(string role) => System.IO.File.ReadAllText(PathOf(json["files"]![role]!.GetValue<string>()));

    public byte[] Bytes(string role) => System.IO.File.ReadAllBytes(PathOf(json["files"]![role]!.GetValue<string>()));

    public bool HasFile(string role) => json["files"]!.AsObject().ContainsKey(role);

    public string TextOf(string file) => System.IO.File.ReadAllText(PathOf(file));

    public IEnumerable<JsonObject> Documents => json["documents"]!.AsArray().Select(document => document!.AsObject());

    public SortedDictionary<string, byte[]> Expected() => Expected(json["expected"]!.AsObject());

    public SortedDictionary<string, byte[]> Expected(JsonObject expected)
    {
        var items = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, value) in expected)
        {
            items[name] = value!["b64"] is { } text
                ? Convert.FromBase64String(text.GetValue<string>())
                : System.IO.File.ReadAllBytes(PathOf(value["file"]!.GetValue<string>()));
        }
        return items;
    }

    private string PathOf(string file) => Path.Combine(root, Text("dir"), file);
}
