using System.Text;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops.Values;

/// <summary>
/// The text of an encrypted value:
/// <code>ENC[AES256_GCM,data:BASE64,iv:BASE64,tag:BASE64,type:TYPE]</code>
/// Read as a whole and in canonical base64 alone. The original stops at the bracket, takes any IV and joins data and tag before it opens, so
/// that one value has many spellings there (vectors m02, m08); here it has one.
/// </summary>
/// <param name="Data">Ciphertext, at least one byte: empty text is never encrypted.</param>
/// <param name="Iv">32 bytes.</param>
/// <param name="Tag">16 bytes.</param>
/// <param name="Type">What the plaintext stands for. Not authenticated.</param>
internal sealed record SealedValue(byte[] Data, byte[] Iv, byte[] Tag, string Type)
{
    public const int IvSize = 32;
    public const int TagSize = 16;
    private const string Start = "ENC[AES256_GCM,data:";

    public static bool LooksSealed(ReadOnlySpan<byte> text) => text.StartsWith("ENC[AES256_GCM,"u8);

    /// <returns>Null when the text is anything else.</returns>
    public static SealedValue? Parse(ReadOnlySpan<byte> utf8)
    {
        if (!System.Text.Ascii.IsValid(utf8)) return null;
        var text = Encoding.ASCII.GetString(utf8);
        if (!text.StartsWith(Start, StringComparison.Ordinal) || !text.EndsWith(']')) return null;
        var parts = text[Start.Length..^1].Split(',');
        if (parts.Length != 4
            || !parts[1].StartsWith("iv:", StringComparison.Ordinal)
            || !parts[2].StartsWith("tag:", StringComparison.Ordinal)
            || !parts[3].StartsWith("type:", StringComparison.Ordinal))
        {
            return null;
        }
        return AgeBase64.TryDecodePadded(parts[0], out var data) && data.Length > 0
            && AgeBase64.TryDecodePadded(parts[1].AsSpan(3), out var iv) && iv.Length == IvSize
            && AgeBase64.TryDecodePadded(parts[2].AsSpan(4), out var tag) && tag.Length == TagSize
            ? new SealedValue(data, iv, tag, parts[3][5..])
            : null;
    }

    public override string ToString() =>
        $"{Start}{Convert.ToBase64String(Data)},iv:{Convert.ToBase64String(Iv)},tag:{Convert.ToBase64String(Tag)},type:{Type}]";
}
