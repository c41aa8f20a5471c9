namespace GitOpsSecrets.GoTemplate.Functions.Encoding;

/// <summary>Go's base64 decoder: CR and LF are skipped, padding is required, trailing bits are ignored, errors name the byte.</summary>
internal static class GoBase64
{
    private const string Standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const string Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public static (byte[]? Bytes, string? Error) Decode(ReadOnlySpan<byte> source) => Decode(source, Standard);

    public static (byte[]? Bytes, string? Error) DecodeUrl(ReadOnlySpan<byte> source) => Decode(source, Url);

    private static (byte[]? Bytes, string? Error) Decode(ReadOnlySpan<byte> source, string alphabet)
    {
        var output = new List<byte>((source.Length * 3 / 4) + 3);
        Span<byte> quantum = stackalloc byte[4];
        var position = 0;
        while (position < source.Length)
        {
            var count = 0;
            var start = position;
            while (count < 4 && position < source.Length)
            {
                var symbol = source[position++];
                if (symbol is (byte)'\r' or (byte)'\n')
                {
                    continue;
                }

                var value = alphabet.IndexOf((char)symbol, StringComparison.Ordinal);
                if (value >= 0)
                {
                    quantum[count++] = (byte)value;
                    continue;
                }

                if (symbol != '=' || count < 2)
                {
                    return Corrupt(position - 1);
                }

                var error = SkipPadding(source, ref position, count);
                return error is null ? (Append(output, quantum, count), null) : Corrupt(error.Value);
            }

            if (count is > 0 and < 4)
            {
                return Corrupt(source.Length - count);
            }

            if (count == 4)
            {
                Append(output, quantum, 4);
            }
        }

        return ([.. output], null);
    }

    /// <summary>After the first padding character; gives where the padding is wrong.</summary>
    private static int? SkipPadding(ReadOnlySpan<byte> source, ref int position, int count)
    {
        SkipNewLines(source, ref position);
        if (count == 2)
        {
            if (position == source.Length)
            {
                return source.Length;
            }

            if (source[position] != '=')
            {
                return position - 1;
            }

            position++;
            SkipNewLines(source, ref position);
        }

        return position < source.Length ? position : null;
    }

    private static void SkipNewLines(ReadOnlySpan<byte> source, ref int position)
    {
        while (position < source.Length && source[position] is (byte)'\r' or (byte)'\n')
        {
            position++;
        }
    }

    private static byte[] Append(List<byte> output, ReadOnlySpan<byte> quantum, int count)
    {
        var bits = (quantum[0] << 18) | (quantum[1] << 12) | (count > 2 ? quantum[2] << 6 : 0) | (count > 3 ? quantum[3] : 0);
        for (var i = 0; i < count - 1; i++)
        {
            output.Add((byte)((bits >> (16 - (8 * i))) & 0xFF));
        }

        return count < 4 ? [.. output] : [];
    }

    private static (byte[]? Bytes, string? Error) Corrupt(int position) => (null, $"illegal base64 data at input byte {position}");
}
