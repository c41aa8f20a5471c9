using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>Parser events → JSON trees. Aliases are copied into place and paid for node by node.</summary>
internal sealed class YamlTreeBuilder
{
    private const string CoreTag = "tag:yaml.org,2002:";
    private const string MergeKey = "<<";

    private readonly IParser _events;
    private readonly NodeBudget _budget;
    private readonly Dictionary<string, (JsonNode? Node, int Size)> _anchors = new(StringComparer.Ordinal);

    private YamlTreeBuilder(IParser events, NodeBudget budget)
    {
        _events = events;
        _budget = budget;
    }

    public static List<YamlDocument> ReadAll(string text, YamlLimits limits)
    {
        var events = new Parser(new YamlTokens(text));
        var budget = new NodeBudget(limits);
        var documents = new List<YamlDocument>();
        events.Consume<StreamStart>();
        while (!events.TryConsume<StreamEnd>(out _))
        {
            events.Consume<DocumentStart>();
            var line = events.Current!.Start.Line;
            documents.Add(new YamlDocument(new YamlTreeBuilder(events, budget).ReadNode(0), documents.Count, line));
            events.Consume<DocumentEnd>();
        }
        return documents;
    }

    private JsonNode? ReadNode(int depth)
    {
        var start = _events.Consume<ParsingEvent>();
        if (start is AnchorAlias alias) return Copy(alias, depth);
        var before = _budget.Used;
        _budget.Spend(1, depth, start.Start.Line, start.Start.Column);
        var node = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadSequence(depth),
            MappingStart => ReadMapping(depth),
            _ => throw new YamlFormatException("unexpected content", start.Start.Line, start.Start.Column),
        };
        if (start is NodeEvent { Anchor.IsEmpty: false } named) _anchors[named.Anchor.Value] = (node, _budget.Used - before);
        return node;
    }

    private JsonNode? Copy(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            throw new YamlFormatException("an alias of no anchor; a value that begins with * is written in quotes", alias.Start.Line, alias.Start.Column);
        _budget.Spend(target.Size, depth, alias.Start.Line, alias.Start.Column);
        return target.Node?.DeepClone();
    }

    private JsonArray ReadSequence(int depth)
    {
        var list = new JsonArray();
        while (!_events.TryConsume<SequenceEnd>(out _)) list.Add(ReadNode(depth + 1));
        return list;
    }

    private JsonObject ReadMapping(int depth)
    {
        var map = new JsonObject();
        HashSet<string>? merged = null;
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            var mark = _events.Current!.Start;
            if (_events.Accept<Scalar>(out var key) && IsMergeKey(key))
            {
                _events.MoveNext();
                Merge(map, Sources(ReadNode(depth + 1), mark), merged ??= new(StringComparer.Ordinal));
                continue;
            }
            var name = KeyText(ReadNode(depth + 1), mark);
            if (map.ContainsKey(name) && merged?.Remove(name) != true) throw new YamlFormatException($"duplicate key \"{name}\"", mark.Line, mark.Column);
            map[name] = ReadNode(depth + 1);
        }
        return map;
    }

    private static bool IsMergeKey(Scalar key) => key is { Value: MergeKey, Style: ScalarStyle.Plain, Tag.IsEmpty: true };

    private static IReadOnlyList<JsonObject> Sources(JsonNode? value, Mark mark) => value switch
    {
        JsonObject map => [map],
        JsonArray list when list.All(item => item is JsonObject) => [.. list.Cast<JsonObject>()],
        _ => throw new YamlFormatException("a merge key takes a map or a list of maps", mark.Line, mark.Column),
    };

    /// <summary>As kubectl and kubeseal do it: at its place, so that what stands before it is written over, which YAML does not mean. Of several sources the first wins.</summary>
    /// <param name="merged">Keys that no entry of the map itself has yet.</param>
    private static void Merge(JsonObject map, IReadOnlyList<JsonObject> sources, HashSet<string> merged)
    {
        for (var i = sources.Count - 1; i >= 0; i--)
        {
            foreach (var (name, value) in sources[i])
            {
                if (!map.ContainsKey(name)) merged.Add(name);
                map[name] = value?.DeepClone();
            }
        }
    }

    private static string KeyText(JsonNode? key, Mark mark)
    {
        if (key.AsText() is { } text) return text;
        if (key is JsonValue value)
        {
            if (value.TryGetValue<bool>(out var boolean)) return boolean ? "true" : "false";
            if (value.TryGetValue<long>(out var integer)) return integer.ToString(CultureInfo.InvariantCulture);
            return value.ToJsonString();
        }
        throw new YamlFormatException("a map key must be a plain value", mark.Line, mark.Column);
    }

    private static JsonNode? ReadScalar(Scalar scalar)
    {
        YamlFormatException Refuse(string problem) => new(problem, scalar.Start.Line, scalar.Start.Column);
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? null : scalar.Tag.Value;
        switch (tag)
        {
            case CoreTag + "str":
                return TextNodes.Of(scalar.Value);
            case CoreTag + "binary":
                return YamlScalars.TryBinary(scalar.Value, out var text) ? TextNodes.Of(text) : throw Refuse("!!binary that is not base64 of UTF-8 text");
            case CoreTag + "null":
                return YamlScalars.IsNull(scalar.Value) ? null : throw Refuse("!!null with content");
            case CoreTag + "bool":
                return YamlScalars.Boolean(scalar.Value) is { } boolean ? JsonValue.Create(boolean) : throw Refuse("!!bool that is no boolean");
            case CoreTag + "int" or CoreTag + "float":
                return YamlScalars.Number(scalar.Value) ?? throw Refuse("a number tag on what is no number");
        }
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag.IsNonSpecific) return TextNodes.Of(scalar.Value);
        return YamlScalars.TryResolve(scalar.Value, out var value) ? value : throw Refuse("infinity and NaN cannot be used here");
    }
}
