using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Values out of JSON, as bytes that can be zeroed and never as strings.</summary>
internal static class KeyVaultText
{
    /// <summary>The UTF-8 of a JSON string; the caller's to zero. Null for anything else.</summary>
    public static byte[]? Bytes(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String) return null;
        var raw = JsonMarshal.GetRawUtf8Value(text);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var room = new byte[raw.Length];
        try
        {
            return room[..reader.CopyString(room)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    /// <summary>A member of base64url, of which no copy stays.</summary>
    public static void WriteBase64Url(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> value)
    {
        var text = new byte[Base64Url.GetEncodedLength(value.Length)];
        Base64Url.EncodeToUtf8(value, text);
        writer.WriteString(name, text);
        CryptographicOperations.ZeroMemory(text);
    }

    /// <summary>A JSON object; the caller's to zero.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        using var text = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return text.ToArray();
    }
}
