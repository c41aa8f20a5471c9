using System.Text.Json;

namespace GitOpsSecrets.Providers.Json;

/// <summary>A value inside a JSON text that is known to be valid: its bytes as they stand there, white space around them left out.</summary>
internal readonly struct JsonPiece(JsonKind kind, ReadOnlyMemory<byte> raw)
{
    /// <summary>As deep as a document may nest. More than any secret needs, and little enough for the stack.</summary>
    public const int MaxDepth = 128;

    public static JsonPiece Absent => default;

    public JsonKind Kind => kind;

    public ReadOnlyMemory<byte> Raw => raw;

    public bool Exists => kind != JsonKind.Absent;

    public bool IsContainer => kind is JsonKind.Array or JsonKind.Object;

    /// <summary>Absent when the text is not valid JSON, or holds more than one value.</summary>
    public static JsonPiece Parse(ReadOnlyMemory<byte> text) => IsValid(text.Span) ? Of(text) : Absent;

    /// <summary>Of a text that is valid JSON.</summary>
    public static JsonPiece Of(ReadOnlyMemory<byte> valid)
    {
        var start = valid.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0) return Absent;
        var end = valid.Span.LastIndexOfAnyExcept(" \t\r\n"u8);
        var raw = valid[start..(end + 1)];
        return new(KindOf(raw.Span[0]), raw);
    }

    /// <summary>As <see cref="Parse"/>, with the white space that follows an object or an array: the original keeps what a modifier puts there.</summary>
    public static JsonPiece ParseWhole(ReadOnlyMemory<byte> text)
    {
        var piece = Parse(text);
        return piece.Kind is JsonKind.Object or JsonKind.Array ? new(piece.Kind, text[text.Span.IndexOfAnyExcept(" \t\r\n"u8)..]) : piece;
    }

    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>As a secret's value: a string without its quotes, null as nothing, anything else as it is written. The caller's to zero.</summary>
    public byte[] ToText() => kind switch
    {
        JsonKind.Text => JsonText.Unescape(raw.Span[1..^1]),
        JsonKind.Absent or JsonKind.Null => [],
        _ => raw.ToArray(),
    };

    /// <summary>Says what it is, never what it holds.</summary>
    public override string ToString() => kind.ToString();

    private static JsonKind KindOf(byte first) => first switch
    {
        (byte)'{' => JsonKind.Object,
        (byte)'[' => JsonKind.Array,
        (byte)'"' => JsonKind.Text,
        (byte)'t' => JsonKind.True,
        (byte)'f' => JsonKind.False,
        (byte)'n' => JsonKind.Null,
        _ => JsonKind.Number,
    };
}
