using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>JSON in which each value, at any depth, comes as an object of its <c>value</c> and a <c>trace</c> of where it is from, as Pulumi ESC writes it.</summary>
internal static class WrappedJson
{
    /// <returns>The same without the wrapping; the caller's to zero.</returns>
    public static byte[] Unwrap(JsonPiece piece)
    {
        using var text = new SecretBuffer();
        Write(piece, text);
        return text.ToArray();
    }

    private static void Write(JsonPiece piece, SecretBuffer to)
    {
        if (piece.Kind == JsonKind.Array) WriteAll(JsonParts.ElementsOf(piece.Raw), '[', ']', element => Write(element, to), to);
        else if (piece.Kind != JsonKind.Object) to.Append(piece.Raw.Span);
        else if (Inner(piece) is { Exists: true } inner) Write(inner, to);
        else WriteAll(JsonParts.MembersOf(piece.Raw), '{', '}', member => WriteMember(member, to), to);
    }

    private static JsonPiece Inner(JsonPiece piece)
    {
        var members = JsonParts.MembersOf(piece.Raw);
        return members.Exists(member => NameOf(member) == "trace") ? members.Find(member => NameOf(member) == "value").Value : JsonPiece.Absent;
    }

    private static void WriteMember(JsonMember member, SecretBuffer to)
    {
        JsonText.Quote(member.Name(), to);
        to.Append((byte)':');
        Write(member.Value, to);
    }

    private static void WriteAll<T>(List<T> items, char start, char end, Action<T> write, SecretBuffer to)
    {
        to.Append((byte)start);
        foreach (var (position, item) in items.Index())
        {
            if (position > 0) to.Append((byte)',');
            write(item);
        }

        to.Append((byte)end);
    }

    private static string NameOf(JsonMember member) => Encoding.UTF8.GetString(member.Name());
}
