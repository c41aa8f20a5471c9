using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>Keys and values as a JSON object's text, and back.</summary>
public static class JsonObjectText
{
    /// <summary>
    /// The members of an object: strings without their quotes, null as nothing, everything else as it is written, so that nested values stay JSON and numbers
    /// keep their digits. Of members with one name the last counts.
    /// </summary>
    /// <returns>The caller's to dispose; null when the text is no JSON object.</returns>
    public static SecretValues? Read(ReadOnlyMemory<byte> text)
    {
        var document = JsonPiece.Parse(text);
        if (document.Kind != JsonKind.Object) return null;
        var values = new SecretValues();
        foreach (var member in JsonParts.MembersOf(document.Raw))
        {
            values.Set(Encoding.UTF8.GetString(member.Name()), member.Value.ToText());
        }

        return values;
    }

    /// <summary>An object of strings, escaped as Go's encoder does.</summary>
    public static void Write(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> values, SecretBuffer to)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(to);
        var separator = (byte)'{';
        foreach (var (key, value) in values)
        {
            to.Append(separator);
            JsonText.Quote(Encoding.UTF8.GetBytes(key), to);
            to.Append((byte)':');
            JsonText.Quote(value.Span, to);
            separator = (byte)',';
        }

        if (separator == (byte)'{') to.Append(separator);
        to.Append((byte)'}');
    }
}
