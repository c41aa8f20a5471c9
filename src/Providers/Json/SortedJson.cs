using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>JSON as Go's encoder writes what it decoded before: compact, members in order of their names, <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped; but numbers keep their digits.</summary>
internal static class SortedJson
{
    /// <returns>The caller's to zero.</returns>
    public static byte[] Of(JsonPiece value)
    {
        using var text = new SecretBuffer();
        Write(value, text);
        return text.ToArray();
    }

    private static void Write(JsonPiece value, SecretBuffer to)
    {
        switch (value.Kind)
        {
            case JsonKind.Object:
                WriteObject(value, to);
                break;
            case JsonKind.Array:
                var separator = (byte)'[';
                foreach (var element in JsonParts.ElementsOf(value.Raw))
                {
                    to.Append(separator);
                    Write(element, to);
                    separator = (byte)',';
                }

                to.Append(separator == (byte)'[' ? "[]"u8 : "]"u8);
                break;
            case JsonKind.Text:
                JsonText.Quote(value.ToText(), to);
                break;
            default:
                to.Append(value.Raw.Span);
                break;
        }
    }

    private static void WriteObject(JsonPiece value, SecretBuffer to)
    {
        var members = new SortedDictionary<string, JsonPiece>(StringComparer.Ordinal);
        foreach (var member in JsonParts.MembersOf(value.Raw)) members[Encoding.UTF8.GetString(member.Name())] = member.Value;
        var separator = (byte)'{';
        foreach (var (name, member) in members)
        {
            to.Append(separator);
            JsonText.Quote(Encoding.UTF8.GetBytes(name), to);
            to.Append((byte)':');
            Write(member, to);
            separator = (byte)',';
        }

        to.Append(separator == (byte)'{' ? "{}"u8 : "}"u8);
    }
}
