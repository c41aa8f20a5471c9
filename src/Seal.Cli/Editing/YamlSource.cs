using GitOpsSecrets.Api.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>Finds where each value of a YAML text stands. The text was read before, so it is known to be YAML within the limits.</summary>
internal sealed class YamlSource
{
    private readonly string _text;
    private readonly Parser _events;

    private YamlSource(string text)
    {
        _text = text;
        _events = new Parser(new YamlTokens(text));
    }

    /// <summary>The root of each document, in order.</summary>
    public static IReadOnlyList<SourceNode> Read(string text)
    {
        var source = new YamlSource(text);
        var documents = new List<SourceNode>();
        source._events.Consume<StreamStart>();
        while (!source._events.TryConsume<StreamEnd>(out _))
        {
            source._events.Consume<DocumentStart>();
            documents.Add(source.ReadNode());
            source._events.Consume<DocumentEnd>();
        }
        return documents;
    }

    private SourceNode ReadNode()
    {
        var start = _events.Consume<ParsingEvent>();
        return start switch
        {
            MappingStart map => ReadMap(map),
            SequenceStart list => ReadList(list),
            Scalar scalar => new SourceNode
            {
                Start = At(scalar.Start),
                End = EndOf(scalar),
                Style = scalar.Style,
                Null = scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" },
            },
            _ => new SourceNode { Start = At(start.Start), End = At(start.End) }, // an alias
        };
    }

    private SourceNode ReadMap(MappingStart start)
    {
        var entries = new List<SourceEntry>();
        while (!_events.Accept<MappingEnd>(out _))
        {
            var key = _events.Current!;
            var keyNode = ReadNode();
            entries.Add(new SourceEntry(key is Scalar scalar ? scalar.Value : "", keyNode.Start, ReadNode()));
        }
        var end = _events.Consume<MappingEnd>();
        var flow = start.Style == MappingStyle.Flow;
        return new SourceNode
        {
            Start = At(start.Start),
            End = flow || entries.Count == 0 ? At(end.End) : entries[^1].Value.End,
            Flow = flow,
            Column = entries.Count == 0 ? 0 : ColumnOf(entries[0].KeyStart),
            Entries = entries,
        };
    }

    private SourceNode ReadList(SequenceStart start)
    {
        var items = new List<SourceNode>();
        while (!_events.Accept<SequenceEnd>(out _)) items.Add(ReadNode());
        var end = _events.Consume<SequenceEnd>();
        var flow = start.Style == SequenceStyle.Flow;
        return new SourceNode
        {
            Start = At(start.Start),
            End = flow || items.Count == 0 ? At(end.End) : items[^1].End,
            Flow = flow,
            Items = items,
        };
    }

    // The parser ends a block scalar behind the blank lines that follow it; its content ends before them.
    private int EndOf(Scalar scalar)
    {
        var end = At(scalar.End);
        if (scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded)) return end;
        while (end > At(scalar.Start) && char.IsWhiteSpace(_text[end - 1])) end--;
        return end;
    }

    private int ColumnOf(int offset) => offset - (offset == 0 ? 0 : _text.LastIndexOf('\n', offset - 1) + 1);

    private static int At(Mark mark) => checked((int)mark.Index);
}
