using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>A map of a configuration file, read field by field; what nobody asked for is an error, with its line and column.</summary>
internal sealed class StrictMap
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _file;
    private readonly YamlNode _node;

    /// <exception cref="CommandException">Not a map of named fields.</exception>
    public StrictMap(string file, YamlNode node)
    {
        _file = file;
        _node = node;
        if (node is not YamlMappingNode map) throw Problem(node, "a map of fields is expected here");
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name }) throw Problem(key, "the name of a field is a text");
            _fields[name] = (key, value);
        }
    }

    /// <summary>The names of all fields: for maps whose names the user chooses.</summary>
    public IReadOnlyList<string> Names => [.. _fields.Keys];

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A text, or null when the field is absent.</summary>
    public string? Text(string name) => Find(name) is { } value ? Scalar(value, name) : null;

    /// <summary>A text or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) => Find(name) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(item => Scalar(item, name))],
        { } value => [Scalar(value, name)],
    };

    public StrictMap? Map(string name) => Find(name) is { } value ? new StrictMap(_file, value) : null;

    public IReadOnlyList<StrictMap> Maps(string name) => Find(name) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(item => new StrictMap(_file, item))],
        { } value => throw Problem(value, $"{name} is a list"),
    };

    /// <summary>Refuses fields that were not asked for.</summary>
    public void Done()
    {
        foreach (var (name, (key, _)) in _fields)
        {
            if (!_known.Contains(name)) throw Problem(key, $"unknown field \"{name}\"; known here: {string.Join(", ", _known)}");
        }
    }

    /// <summary>An error about this map, or about one of its fields.</summary>
    public CommandException Problem(string problem, string? field = null) =>
        Problem(field is not null && _fields.TryGetValue(field, out var found) ? found.Value : _node, problem);

    private YamlNode? Find(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var found) ? found.Value : null;
    }

    private string Scalar(YamlNode node, string name)
    {
        if (node is not YamlScalarNode { Value: { } text } scalar) throw Problem(node, $"{name} is a text");
        if (text.Length == 0 || (scalar.Style == ScalarStyle.Plain && text is "~" or "null")) throw Problem(node, $"{name} is empty");
        return text;
    }

    private CommandException Problem(YamlNode node, string problem) => new($"{_file}: line {node.Start.Line}, column {node.Start.Column}: {problem}");
}
