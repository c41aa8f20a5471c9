using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Templates;

/// <summary>What a template is rendered with: a JSON (or YAML) object in a file. Errors name its entries, never their values.</summary>
internal sealed class TemplateData
{
    private readonly JsonObject _entries;
    private readonly string _source;

    private TemplateData(JsonObject entries, string source)
    {
        _entries = entries;
        _source = source;
    }

    /// <exception cref="CommandException">It cannot be read, or is no object.</exception>
    public static TemplateData Load(string path)
    {
        try
        {
            var text = Encoding.UTF8.GetString(InputFile.Read(path));
            return YamlReader.Read(text) is JsonObject entries
                ? new TemplateData(entries, path)
                : throw new CommandException($"{path} is no JSON object: data is names and values, as {{\"user\": \"app\"}}");
        }
        catch (YamlFormatException failure)
        {
            throw new CommandException($"{path}: {failure.Message}", failure);
        }
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The entries as a store would give them: name → bytes.</summary>
    /// <exception cref="CommandException">An entry is no string.</exception>
    public Dictionary<string, byte[]> Strings() => _entries.ToDictionary(entry => entry.Key, entry =>
        entry.Value is JsonValue value && value.TryGetValue<string>(out var text)
            ? Encoding.UTF8.GetBytes(text)
            : throw new CommandException($"{_source}: \"{entry.Key}\" is no string; fetched values always are. Put it in quotes, or render with --data-type any"));

    /// <summary>The entries with their types, as <c>fromJson</c> gives them: numbers are floats.</summary>
    public GoMap Any() => (GoMap)Typed(_entries);

    private static GoValue Typed(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return GoNil.Value;
            case JsonArray list:
                return GoList.OfAny([.. list.Select(Typed)]);
            case JsonObject map:
                var typed = GoMap.OfAny();
                foreach (var (name, value) in map) typed.Entries[GoString.Of(name)] = Typed(value);
                return typed;
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.String => GoString.Of(node.GetValue<string>()),
                    JsonValueKind.True => GoBool.True,
                    JsonValueKind.False => GoBool.False,
                    _ => new GoFloat(double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture)),
                };
        }
    }
}
