using System.Text;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>The text form of OpenPGP messages: optional headers, an empty line, base64, a checksum that may be missing.</summary>
internal static class PgpArmor
{
    private const string Begin = "-----BEGIN PGP MESSAGE-----";
    private const string End = "-----END PGP MESSAGE-----";
    private const int Columns = 64;

    /// <returns>Null when the text is not one armored message, or its checksum does not fit.</returns>
    public static byte[]? Decode(string text)
    {
        var lines = text.Trim().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()).ToList();
        if (lines.Count < 3 || lines[0] != Begin || lines[^1] != End) return null;
        // Armor headers ("Version: …") end with an empty line; it is there without headers too, but not everybody writes it.
        var start = lines.IndexOf("") + 1;
        if (start == 0) start = 1;
        if (lines.Skip(1).Take(Math.Max(0, start - 2)).Any(l => !l.Contains(": ", StringComparison.Ordinal))) return null;
        var body = lines.Skip(start).Take(lines.Count - 1 - start).ToList();
        var checksum = body.Count > 0 && body[^1].StartsWith('=') && body[^1].Length == 5 ? body[^1][1..] : null;
        if (checksum is not null) body.RemoveAt(body.Count - 1);
        if (!AgeBase64.TryDecodePadded(string.Concat(body), out var bytes)) return null;
        return checksum is null || checksum == Checksum(bytes) ? bytes : null;
    }

    /// <returns>Text without headers, ended by the end line without a newline, as the original stores it.</returns>
    public static string Encode(ReadOnlySpan<byte> message)
    {
        var base64 = Convert.ToBase64String(message);
        var text = new StringBuilder(Begin).Append("\n\n");
        for (var start = 0; start < base64.Length; start += Columns) text.Append(base64.AsSpan(start, Math.Min(Columns, base64.Length - start))).Append('\n');
        return text.Append('=').Append(Checksum(message)).Append('\n').Append(End).ToString();
    }

    /// <summary>CRC-24 of RFC 4880 §6.1.</summary>
    private static string Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xB704CE;
        foreach (var value in bytes)
        {
            crc ^= value << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                crc <<= 1;
                if ((crc & 0x1000000) != 0) crc ^= 0x1864CFB;
            }
        }
        return Convert.ToBase64String([(byte)(crc >> 16 & 0xFF), (byte)(crc >> 8 & 0xFF), (byte)(crc & 0xFF)]);
    }
}
