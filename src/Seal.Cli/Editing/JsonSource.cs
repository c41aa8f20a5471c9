using System.Text;
using System.Text.Json;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>Finds where each value of a JSON text (one value, or several in a row) stands.</summary>
internal ref struct JsonSource
{
    private readonly byte[] _bytes;
    private Utf8JsonReader _reader;
    private int _knownByte;
    private int _knownCharacter;

    private JsonSource(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _reader = new Utf8JsonReader(_bytes, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 128 });
    }

    /// <returns>False when the text is not JSON.</returns>
    public static bool TryRead(string text, out IReadOnlyList<SourceNode> documents)
    {
        var found = new List<SourceNode>();
        documents = found;
        var source = new JsonSource(text);
        try
        {
            while (source._reader.Read()) found.Add(source.ReadValue());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private SourceNode ReadValue()
    {
        var start = Character(_reader.TokenStartIndex);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<SourceEntry>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = _reader.GetString()!;
                    var keyStart = Character(_reader.TokenStartIndex);
                    _reader.Read();
                    entries.Add(new SourceEntry(key, keyStart, ReadValue()));
                }
                return new SourceNode { Start = start, End = Character(_reader.BytesConsumed), Flow = true, Entries = entries };
            case JsonTokenType.StartArray:
                var items = new List<SourceNode>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue());
                return new SourceNode { Start = start, End = Character(_reader.BytesConsumed), Flow = true, Items = items };
            default:
                return new SourceNode
                {
                    Start = start,
                    End = Character(_reader.BytesConsumed),
                    Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted,
                    Null = _reader.TokenType == JsonTokenType.Null,
                };
        }
    }

    // Tokens come in order, so the text is counted once.
    private int Character(long offset)
    {
        var index = (int)offset;
        _knownCharacter += Encoding.UTF8.GetCharCount(_bytes, _knownByte, index - _knownByte);
        _knownByte = index;
        return _knownCharacter;
    }
}
