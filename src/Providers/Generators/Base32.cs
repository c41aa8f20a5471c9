namespace GitOpsSecrets.Providers.Generators;

/// <summary>Base32 (RFC 4648, section 6) of secrets: bytes to bytes, with no string in between.</summary>
internal static class Base32
{
    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8;

    /// <summary>The padded text; the caller's to zero.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[(bytes.Length + 4) / 5 * 8];
        var (position, held, bits) = (0, 0, 0);
        foreach (var value in bytes)
        {
            held = ((held & 0xFF) << 8) | value;
            for (bits += 8; bits >= 5; bits -= 5) text[position++] = Alphabet[(held >> (bits - 5)) & 31];
        }

        if (bits > 0) text[position++] = Alphabet[(held << (5 - bits)) & 31];
        text.AsSpan(position).Fill((byte)'=');
        return text;
    }

    /// <summary>Reads text as people copy it: in either case, with white space anywhere, with or without padding.</summary>
    /// <param name="bytes">Gets what the text stands for; part of it, when the text is wrong.</param>
    /// <returns>Whether the text was base32.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, SecretBuffer bytes)
    {
        var (held, bits, letters, padded) = (0, 0, 0, false);
        foreach (var letter in text)
        {
            if (letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;
            if (letter == (byte)'=')
            {
                padded = true;
                continue;
            }

            if (padded || ValueOf(letter) is not (>= 0 and var value)) return false;
            held = ((held & 0xFF) << 5) | value;
            letters++;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Append((byte)((held >> bits) & 0xFF));
        }

        // No whole number of bytes ends in one, three or six letters.
        return letters % 8 is not (1 or 3 or 6);
    }

    private static int ValueOf(byte letter) => letter switch
    {
        >= (byte)'A' and <= (byte)'Z' => letter - 'A',
        >= (byte)'a' and <= (byte)'z' => letter - 'a',
        >= (byte)'2' and <= (byte)'7' => letter - '2' + 26,
        _ => -1,
    };
}
