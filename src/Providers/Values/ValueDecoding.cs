using System.Security.Cryptography;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Providers.Values;

/// <summary><c>decodingStrategy</c> and <c>nullBytePolicy</c> of an entry.</summary>
internal static class ValueDecoding
{
    /// <summary>Decodes every value in place.</summary>
    /// <exception cref="ValuesException">One is not of the encoding, or holds a NUL that may not be.</exception>
    public static void DecodeAll(SecretValues values, string? strategy, string? nullBytes)
    {
        foreach (var key in values.Keys.ToList())
        {
            var value = values.Find(key)!;
            var decoded = Decode(key, value, strategy, nullBytes);
            if (!ReferenceEquals(value, decoded)) values.Set(key, decoded);
        }
    }

    /// <returns>The very same array when there is nothing to decode; else a new one, and the old is the caller's to zero.</returns>
    /// <exception cref="ValuesException">As <see cref="DecodeAll"/>.</exception>
    public static byte[] Decode(string key, byte[] value, string? strategy, string? nullBytes)
    {
        byte[] decoded;
        try
        {
            decoded = RenderedValue.Decode(strategy ?? "", key, value);
        }
        catch (TemplateResultException)
        {
            throw new ValuesException($"the value of {key} is not {strategy}, which decodingStrategy says it is");
        }
        if (nullBytes != "Fail" || !decoded.AsSpan().Contains((byte)0)) return decoded;
        if (!ReferenceEquals(value, decoded)) CryptographicOperations.ZeroMemory(decoded);
        throw new ValuesException($"the value of {key} contains a null byte, which nullBytePolicy Fail does not allow");
    }
}
