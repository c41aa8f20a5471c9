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

    /// <summary>Whether a JSON string is this text.</summary>
    public static bool Equal(JsonElement text, ReadOnlySpan<byte> other) => text.ValueKind == JsonValueKind.String && text.ValueEquals(other);

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
