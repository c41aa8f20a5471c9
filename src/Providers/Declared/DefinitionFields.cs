using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// One object of a definition while it is read: every member is asked for by its name, and one that nobody asked for is a mistake, since what
/// is not understood must not be ignored.
/// </summary>
internal sealed class DefinitionFields
{
    private readonly JsonObject json;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    private DefinitionFields(JsonObject json, string path) => (this.json, Path) = (json, path);

    /// <summary>Such as <c>acme.yaml: read[0].steps[1]</c>.</summary>
    public string Path { get; }

    public IEnumerable<string> Names => json.Select(member => member.Key);

    public static DefinitionFields Of(JsonNode? node, string path) => node is JsonObject json ? new(json, path) : throw new DefinitionException($"{path} must be an object");

    public JsonNode? Node(string name)
    {
        asked.Add(name);
        return json[name];
    }

    public bool Has(string name) => Node(name) is not null;

    public string? Text(string name) => Node(name) is { } node ? Scalar(name, node) : null;

    public string Need(string name) => Text(name) is { Length: > 0 } text ? text : throw Problem(name, "is required");

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Problem(name, "must be true or false"),
    };

    public int? Number(string name)
    {
        if (Text(name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Problem(name, "must be a whole number");
    }

    public TextPattern? Pattern(string name) => Text(name) is { } text ? Parse(name, text, TextPattern.Parse) : null;

    /// <summary>A list of texts, or one.</summary>
    public IReadOnlyList<string> Texts(string name) => Node(name) switch
    {
        null => [],
        JsonArray list => [.. list.Select((item, position) => item is null ? throw Problem($"{name}[{position}]", "must be a text") : Scalar($"{name}[{position}]", item))],
        var one => [Scalar(name, one)],
    };

    public IReadOnlyDictionary<string, string> Map(string name) =>
        Object(name) is { } map ? map.Names.ToDictionary(key => key, key => map.Text(key) ?? "", StringComparer.Ordinal) : new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<NamedPattern> Patterns(string name) =>
        Object(name) is { } map ? [.. map.Names.Select(key => new NamedPattern(key, map.Pattern(key) ?? throw map.Problem(key, "must be a text")))] : [];

    public DefinitionFields? Object(string name) => Node(name) is { } node ? Of(node, $"{Path}.{name}") : null;

    /// <summary>A list of objects, or one.</summary>
    public IReadOnlyList<DefinitionFields> List(string name) => Node(name) switch
    {
        null => [],
        JsonArray list => [.. list.Select((item, position) => Of(item, $"{Path}.{name}[{position}]"))],
        var one => [Of(one, $"{Path}.{name}")],
    };

    /// <summary>To be called when everything has been asked for.</summary>
    public void Done()
    {
        var unknown = json.Select(member => member.Key).FirstOrDefault(name => !asked.Contains(name));
        if (unknown is not null) throw new DefinitionException($"{Path}.{unknown} is not known; there are {string.Join(", ", asked.Order(StringComparer.Ordinal))}");
    }

    public DefinitionException Problem(string name, string problem) => new($"{Path}.{name} {problem}");

    public T Parse<T>(string name, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException failure)
        {
            throw new DefinitionException($"{Path}.{name}: {failure.Message}");
        }
    }

    private string Scalar(string name, JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        _ => throw Problem(name, "must be a text"),
    };
}
