using System.Text.Json;

namespace GitOpsSecrets.Providers.Json;

/// <summary>The members and elements of containers that are known to be valid JSON, in the order and as often as they stand there.</summary>
internal static class JsonParts
{
    /// <summary>What paths make of a document can nest deeper than it does.</summary>
    private const int MadeDepth = 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MadeDepth };

    public static List<JsonMember> MembersOf(ReadOnlyMemory<byte> container)
    {
        var members = new List<JsonMember>();
        var reader = new Utf8JsonReader(container.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = container.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2);
            reader.Read();
            members.Add(new(name, PieceAt(ref reader, container)));
        }

        return members;
    }

    public static List<JsonPiece> ElementsOf(ReadOnlyMemory<byte> container)
    {
        var elements = new List<JsonPiece>();
        var reader = new Utf8JsonReader(container.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) elements.Add(PieceAt(ref reader, container));
        return elements;
    }

    /// <summary>The values of JSON lines: one after the other, with nothing around them. Null when that is not what the text is.</summary>
    public static List<JsonPiece>? LinesOf(ReadOnlyMemory<byte> text)
    {
        try
        {
            var lines = new List<JsonPiece>();
            var reader = new Utf8JsonReader(text.Span, Options with { AllowMultipleValues = true });
            while (reader.Read()) lines.Add(PieceAt(ref reader, text));
            return lines;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonPiece PieceAt(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return JsonPiece.Of(text[start..(int)reader.BytesConsumed]);
    }
}
