using System.Text;

namespace GitOpsSecrets.Sops.Age;

/// <summary>Bech32 as in BIP 173 but without its length limit: human-readable part, <c>1</c>, 5-bit characters, 6 of them checksum.</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;

    /// <returns>False when the text is not Bech32 in one case with this lower-case <paramref name="prefix"/>, or its bits are not canonical.</returns>
    public static bool TryDecode(string text, string prefix, out byte[] bytes)
    {
        bytes = [];
        if (text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper)) return false;
        var lower = text.ToLowerInvariant();
        var split = lower.LastIndexOf('1');
        if (split != prefix.Length || !lower.StartsWith(prefix, StringComparison.Ordinal)) return false;
        var data = new byte[lower.Length - split - 1];
        for (var i = 0; i < data.Length; i++)
        {
            var value = Alphabet.IndexOf(lower[split + 1 + i], StringComparison.Ordinal);
            if (value < 0) return false;
            data[i] = (byte)value;
        }
        if (data.Length < ChecksumLength || Checksum(prefix, data) != 1) return false;
        return TryRegroup(data.AsSpan(0, data.Length - ChecksumLength), out bytes);
    }

    public static string Encode(string prefix, ReadOnlySpan<byte> bytes)
    {
        var data = new List<byte>();
        uint buffer = 0;
        var bits = 0;
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xFFF;
            for (bits += 8; bits >= 5; bits -= 5) data.Add((byte)((buffer >> (bits - 5)) & 31));
        }
        if (bits > 0) data.Add((byte)((buffer << (5 - bits)) & 31));
        var checksum = Checksum(prefix, [.. data, .. new byte[ChecksumLength]]) ^ 1;
        for (var i = ChecksumLength - 1; i >= 0; i--) data.Add((byte)((checksum >> (5 * i)) & 31));
        var text = new StringBuilder(prefix).Append('1');
        foreach (var value in data) text.Append(Alphabet[value]);
        return text.ToString();
    }

    private static bool TryRegroup(ReadOnlySpan<byte> data, out byte[] bytes)
    {
        bytes = new byte[data.Length * 5 / 8];
        uint buffer = 0;
        var bits = 0;
        var length = 0;
        foreach (var value in data)
        {
            buffer = ((buffer << 5) | value) & 0xFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[length++] = (byte)((buffer >> bits) & 0xFF);
        }
        // Left-over bits must be padding: fewer than a character, and zero.
        return bits < 5 && (buffer & ((1u << bits) - 1)) == 0;
    }

    private static uint Checksum(string prefix, ReadOnlySpan<byte> data)
    {
        uint state = 1;
        foreach (var c in prefix) state = Step(state, (uint)c >> 5);
        state = Step(state, 0);
        foreach (var c in prefix) state = Step(state, (uint)c & 31);
        foreach (var value in data) state = Step(state, value);
        return state;
    }

    private static uint Step(uint state, uint value)
    {
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        var top = state >> 25;
        state = ((state & 0x1ffffff) << 5) ^ value;
        for (var i = 0; i < generator.Length; i++)
        {
            if (((top >> i) & 1) == 1) state ^= generator[i];
        }
        return state;
    }
}
