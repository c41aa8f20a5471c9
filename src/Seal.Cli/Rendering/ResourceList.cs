using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>
/// The input and output of a KRM function, <c>config.kubernetes.io/v1 ResourceList</c>: items are replaced where they stand in the text, so that
/// the others keep their comments; what went wrong is added as results.
/// </summary>
internal sealed class ResourceList
{
    private const string Group = "config.kubernetes.io/";

    private static readonly (string Name, JsonValueKind[] Kinds) Switch = ("true or false", [JsonValueKind.True, JsonValueKind.False]);
    private static readonly (string Name, JsonValueKind[] Kinds) Lines = ("list", [JsonValueKind.Array]);

    private static readonly Dictionary<string, (string Name, JsonValueKind[] Kinds)> ConfigFields = new(StringComparer.Ordinal)
    {
        ["privateKeys"] = Lines,
        ["keyFiles"] = Lines,
        ["requireMac"] = Switch,
        ["externalSecrets"] = Switch,
        ["stores"] = Lines,
        ["resources"] = Lines,
        ["providerDefinitions"] = ("text", [JsonValueKind.String]),
    };

    private readonly string _text;
    private readonly JsonObject _root;
    private readonly string _source;

    private ResourceList(string text, JsonObject root, string source)
    {
        _text = text;
        _root = root;
        _source = source;
    }

    public IEnumerable<ManifestObject> Items => Nodes.Select((item, i) =>
        new ManifestObject(item as JsonObject ?? throw new CommandException($"{_source}: items[{i}] is no object"), new ManifestPlace(_source, 1, 1, i + 1, Alone: true)));

    /// <summary>The function's configuration, empty if there is none.</summary>
    /// <exception cref="CommandException">A field that nobody would read, which a misspelt one is too, or one of another form.</exception>
    public JsonObject Config
    {
        get
        {
            var config = (_root["functionConfig"] as JsonObject)?["spec"] as JsonObject ?? [];
            foreach (var (name, value) in config)
            {
                if (!ConfigFields.TryGetValue(name, out var form)) throw new CommandException($"{_source}: functionConfig.spec.{name} is unknown; known are {string.Join(", ", ConfigFields.Keys)}");
                if (value is not null && !form.Kinds.Contains(value.GetValueKind())) throw new CommandException($"{_source}: functionConfig.spec.{name} is no {form.Name}");
            }
            return config;
        }
    }

    private JsonArray Nodes => _root["items"] as JsonArray ?? [];

    /// <returns>Null when the text is something else.</returns>
    public static ResourceList? TryRead(byte[] bytes, string source)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (!text.Contains("ResourceList", StringComparison.Ordinal)) return null;
        try
        {
            return YamlReader.ReadAll(text) is [{ Root: JsonObject root }] && root["kind"].AsText() == "ResourceList" && root["apiVersion"].AsText()?.StartsWith(Group, StringComparison.Ordinal) == true
                ? new ResourceList(text, root, source)
                : null;
        }
        catch (YamlFormatException)
        {
            return null;
        }
    }

    /// <param name="replacements">For each item the YAML documents that take its place; null to leave it.</param>
    /// <param name="failures">By item.</param>
    public string Write(IReadOnlyList<IReadOnlyList<string>?> replacements, IReadOnlyList<(ManifestObject Item, string Message)> failures)
    {
        var meant = Meant(replacements, failures);
        return Edited(replacements, failures) is { } edited && Means(edited, meant) ? edited : YamlWriter.Write(meant);
    }

    private JsonObject Meant(IReadOnlyList<IReadOnlyList<string>?> replacements, IReadOnlyList<(ManifestObject Item, string Message)> failures)
    {
        var root = _root.DeepClone().AsObject();
        var items = new JsonArray();
        foreach (var (item, documents) in Nodes.Zip(replacements))
        {
            if (documents is null) items.Add(item!.DeepClone());
            else foreach (var document in documents) items.Add(YamlReader.Read(document));
        }
        root["items"] = items;
        root.Remove("results");
        if (failures.Count > 0) root["results"] = Results(failures);
        return root;
    }

    private static JsonArray Results(IReadOnlyList<(ManifestObject Item, string Message)> failures) => new([.. failures.Select(failure => (JsonNode)new JsonObject
    {
        ["message"] = failure.Message,
        ["severity"] = "error",
        ["resourceRef"] = new JsonObject
        {
            ["apiVersion"] = failure.Item.Node["apiVersion"]?.DeepClone(),
            ["kind"] = failure.Item.Node["kind"]?.DeepClone(),
            ["name"] = failure.Item.Node["metadata"]?["name"]?.DeepClone(),
            ["namespace"] = failure.Item.Node["metadata"]?["namespace"]?.DeepClone() ?? "",
        },
    })]);

    /// <returns>Null when the layout does not allow it.</returns>
    private string? Edited(IReadOnlyList<IReadOnlyList<string>?> replacements, IReadOnlyList<(ManifestObject Item, string Message)> failures)
    {
        if (_root.ContainsKey("results") || _text.AsSpan().TrimStart().StartsWith("{")) return null;
        if (YamlSource.Read(_text) is not [var root] || root.Child("items") is not { Flow: false, Items: { } items } || items.Count != replacements.Count) return null;
        var result = new StringBuilder(_text);
        for (var i = items.Count - 1; i >= 0; i--)
        {
            if (replacements[i] is not { } documents) continue;
            if (documents.Count == 0 || items[i].Flow || items[i].Column < 2) return null;
            var indent = "\n" + new string(' ', items[i].Column);
            var texts = documents.Select(document => document.TrimEnd('\n').Replace("\n", indent, StringComparison.Ordinal));
            result.Remove(items[i].Start, items[i].End - items[i].Start).Insert(items[i].Start, string.Join($"\n{indent[1..^2]}- ", texts));
        }
        if (failures.Count > 0)
        {
            if (result[^1] != '\n') result.Append('\n');
            result.Append(YamlWriter.Write(new JsonObject { ["results"] = Results(failures) }));
        }
        return result.ToString();
    }

    private static bool Means(string text, JsonObject meant)
    {
        try
        {
            return JsonNode.DeepEquals(YamlReader.Read(text), meant);
        }
        catch (YamlFormatException)
        {
            return false;
        }
    }
}
