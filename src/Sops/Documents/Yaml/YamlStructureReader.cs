using System.Globalization;
using GitOpsSecrets.Api.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>
/// Turns the parser's events into <see cref="YamlPart"/>s with types and places. Comments are not its business: it only records the spans
/// of scalars, outside of which alone a comment sign means a comment.
/// </summary>
internal sealed class YamlStructureReader(string text, YamlMode mode, SopsLimits limits)
{
    private const string MergeTag = "tag:yaml.org,2002:merge";
    private const string CoreTag = "tag:yaml.org,2002:";

    private readonly Parser _parser = new(new YamlTokens(text));
    private readonly Dictionary<string, YamlPart> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    /// <summary>Start and end offset of each scalar in text order; a block scalar's span starts behind its header line.</summary>
    public List<(int Start, int End)> ScalarSpans { get; } = [];

    /// <returns>The root of each document, null for an empty one, with the offset at which the document starts.</returns>
    public List<(int Start, YamlPart? Root)> ReadAll()
    {
        var documents = new List<(int, YamlPart?)>();
        try
        {
            _parser.Consume<StreamStart>();
            while (_parser.TryConsume<DocumentStart>(out var start))
            {
                _anchors.Clear();
                documents.Add(((int)start.Start.Index, ReadRoot()));
                _parser.Consume<DocumentEnd>();
            }
            return documents;
        }
        catch (YamlException failure)
        {
            // Its message may quote the text.
            throw Malformed(failure.Start, "not valid YAML");
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
        {
            // On some damaged texts the parser itself stumbles (found by damaging files at random).
            throw new SopsException(SopsFailure.Malformed, "not valid YAML");
        }
    }

    private YamlPart? ReadRoot()
    {
        var root = ReadPart(depth: 0);
        if (root.Scalar is { Kind: ScalarKind.Null }) return null;
        return root.IsMap ? root : throw new SopsException(SopsFailure.Malformed, $"line {root.StartLine}: the root of a document is not a map");
    }

    private YamlPart ReadPart(int depth)
    {
        if (depth > limits.MaxDepth) throw new SopsException(SopsFailure.Limit, $"nested deeper than {limits.MaxDepth} levels");
        Count(1);
        var here = _parser.Current ?? throw new SopsException(SopsFailure.Malformed, "the YAML ends too early");
        var part = here switch
        {
            AnchorAlias => ReadAlias(),
            Scalar => ReadScalar(),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            _ => throw Malformed(here.Start, "not valid YAML"),
        };
        if (here is NodeEvent { Anchor.IsEmpty: false } anchored && here is not AnchorAlias)
        {
            if (mode == YamlMode.Sealed) throw Malformed(here.Start, "an anchor, which SOPS never writes");
            _anchors[anchored.Anchor.Value] = part;
        }
        return part;
    }

    private YamlPart ReadAlias()
    {
        var alias = _parser.Consume<AnchorAlias>();
        if (mode == YamlMode.Sealed) throw Malformed(alias.Start, "an alias, which SOPS never writes");
        if (!_anchors.TryGetValue(alias.Value.Value, out var target)) throw Malformed(alias.Start, "an alias for an anchor that is not complete before it");
        return Repeat(target, alias);
    }

    private YamlPart Repeat(YamlPart target, ParsingEvent at)
    {
        Count(1);
        var copy = new YamlPart
        {
            Scalar = target.Scalar?.Clone(),
            IsMap = target.IsMap,
            IsFlow = target.IsFlow,
            IsAlias = true,
            Key = target.Key,
            Start = (int)at.Start.Index,
            StartLine = (int)at.Start.Line,
            End = (int)at.End.Index,
            EndLine = (int)at.End.Line,
        };
        foreach (var child in target.Children) copy.Children.Add(Repeat(child, at));
        return copy;
    }

    private YamlPart ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        var isBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        var start = (int)scalar.Start.Index;
        var end = (int)scalar.End.Index;
        var contentStart = isBlock ? BlockContentStart(start) : start;
        ScalarSpans.Add((contentStart, Math.Max(contentStart, end)));
        return new YamlPart
        {
            Scalar = TypedValue(scalar),
            Start = start,
            StartLine = (int)scalar.Start.Line,
            End = end,
            EndLine = (int)(isBlock ? scalar.Start.Line : scalar.End.Line),
        };
    }

    private int BlockContentStart(int start)
    {
        var sign = text.AsSpan(start).IndexOfAny('|', '>');
        var line = text.IndexOf('\n', start + Math.Max(sign, 0));
        return line < 0 ? text.Length : line + 1;
    }

    private ScalarNode TypedValue(Scalar scalar)
    {
        if (!scalar.Tag.IsEmpty) return TaggedValue(scalar);
        if (scalar.Style != ScalarStyle.Plain) return ScalarNode.Text(scalar.Value);
        return YamlScalarType.Resolve(scalar.Value) ?? throw Malformed(scalar.Start, "a whole number beyond 64 bits, which SOPS cannot hold; quote it to make it text");
    }

    private ScalarNode TaggedValue(Scalar scalar)
    {
        if (mode == YamlMode.Sealed) throw Malformed(scalar.Start, "a tag, which SOPS never writes there");
        var value = scalar.Tag.IsNonSpecific ? ScalarNode.Text(scalar.Value) : scalar.Tag.Value switch
        {
            CoreTag + "str" => ScalarNode.Text(scalar.Value),
            CoreTag + "binary" => DecodeBinary(scalar),
            CoreTag + "null" => YamlScalarType.Resolve(scalar.Value) is { Kind: ScalarKind.Null } v ? v : null,
            CoreTag + "bool" => YamlScalarType.Resolve(scalar.Value) is { Kind: ScalarKind.Boolean } v ? v : null,
            CoreTag + "int" => YamlScalarType.Resolve(scalar.Value) is { Kind: ScalarKind.Whole } v ? v : null,
            CoreTag + "float" => YamlScalarType.Resolve(scalar.Value) switch
            {
                { Kind: ScalarKind.Real } v => v,
                { Kind: ScalarKind.Whole } v => ScalarNode.Real(double.Parse(v.GetText(), CultureInfo.InvariantCulture)),
                _ => null,
            },
            CoreTag + "timestamp" => YamlScalarType.Resolve(scalar.Value) is { Kind: ScalarKind.Time } v ? v : null,
            _ => null,
        };
        return value ?? throw Malformed(scalar.Start, "a tag that is not supported, or that its value does not fit");
    }

    private static ScalarNode? DecodeBinary(Scalar scalar)
    {
        var buffer = new byte[scalar.Value.Length];
        return Convert.TryFromBase64String(scalar.Value, buffer, out var length) ? ScalarNode.Text(buffer[..length]) : null;
    }

    private YamlPart ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        RequireNoTag(start, "seq");
        var list = Container(start, isMap: false, isFlow: start.Style == SequenceStyle.Flow);
        while (_parser.Current is not SequenceEnd)
        {
            list.Children.Add(ReadPart(depth + 1));
        }
        Close(list, _parser.Consume<SequenceEnd>());
        return list;
    }

    private YamlPart ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        RequireNoTag(start, "map");
        var map = Container(start, isMap: true, isFlow: start.Style == MappingStyle.Flow);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var key = ReadKey();
            if (!keys.Add(key.Value)) throw Malformed(key.Start, "a key that is in its map already");
            var child = ReadPart(depth + 1);
            child.Key = key.Value;
            child.Start = (int)key.Start.Index;
            child.StartLine = (int)key.Start.Line;
            map.Children.Add(child);
        }
        Close(map, _parser.Consume<MappingEnd>());
        return map;
    }

    private Scalar ReadKey()
    {
        if (_parser.Current is not Scalar) throw Malformed(_parser.Current!.Start, "a key that is not text");
        Count(1);
        var key = _parser.Consume<Scalar>();
        ScalarSpans.Add(((int)key.Start.Index, (int)key.End.Index));
        if (!key.Anchor.IsEmpty) throw Malformed(key.Start, "an anchor on a key");
        if (!key.Tag.IsEmpty)
        {
            // go-yaml writes the merge key, which SOPS treats as any other, with its tag.
            var isMerge = key.Value == "<<" && key.Tag.Value == MergeTag;
            if (!isMerge && (mode == YamlMode.Sealed || key.Tag.Value != CoreTag + "str")) throw Malformed(key.Start, "a tag on a key");
        }
        else if (key.Style == ScalarStyle.Plain && YamlScalarType.Resolve(key.Value) is not { Kind: ScalarKind.Text })
        {
            throw Malformed(key.Start, "a key that is not text; quote it");
        }
        return key;
    }

    private void RequireNoTag(NodeEvent start, string coreType)
    {
        if (start.Tag.IsEmpty) return;
        if (mode == YamlMode.Sealed || start.Tag.Value != CoreTag + coreType) throw Malformed(start.Start, "a tag that is not supported");
    }

    private static YamlPart Container(NodeEvent start, bool isMap, bool isFlow) => new()
    {
        IsMap = isMap,
        IsFlow = isFlow,
        Start = (int)start.Start.Index,
        StartLine = (int)start.Start.Line,
        Column = (int)start.Start.Column,
    };

    /// <summary>A block container ends with its last child; where the parser says it ends is only where it noticed.</summary>
    private static void Close(YamlPart container, ParsingEvent end)
    {
        var last = container.IsFlow || container.Children.Count == 0 ? null : container.Children[^1];
        container.End = last?.End ?? (int)end.End.Index;
        container.EndLine = last?.EndLine ?? (int)end.End.Line;
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > limits.MaxNodes) throw new SopsException(SopsFailure.Limit, $"more than {limits.MaxNodes} nodes");
    }

    private static SopsException Malformed(Mark at, string problem) => new(SopsFailure.Malformed, $"line {at.Line}, column {at.Column}: {problem}");
}
