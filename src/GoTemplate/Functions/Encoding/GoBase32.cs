using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Encoding;

/// <summary>RFC 4648 Base32 with padding, errors as Go's decoder gives them.</summary>
internal static class GoBase32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int QuantumSymbols = 8;

    public static GoString Encode(ReadOnlySpan<byte> bytes)
    {
        var builder = new ByteBuilder();
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(5, bytes.Length)..])
        {
            ulong bits = 0;
            for (var i = 0; i < 5; i++)
            {
                bits = (bits << 8) | (i < bytes.Length ? bytes[i] : 0UL);
            }

            var symbols = ((Math.Min(bytes.Length, 5) * 8) + 4) / 5;
            for (var i = 0; i < QuantumSymbols; i++)
            {
                builder.Append(i < symbols ? Alphabet[(int)((bits >> (35 - (5 * i))) & 31)] : '=');
            }
        }

        return builder.ToGoString();
    }

    public static (byte[]? Bytes, string? Error) Decode(ReadOnlySpan<byte> text)
    {
        byte[] source = [.. text.ToArray().Where(value => value is not ((byte)'\r' or (byte)'\n'))];
        var output = new List<byte>();
        for (var position = 0; position < source.Length;)
        {
            ulong bits = 0;
            var count = 0;
            var padded = false;
            while (count < QuantumSymbols && !padded)
            {
                if (position == source.Length)
                {
                    return Corrupt(position - count);
                }

                var symbol = source[position++];
                if (symbol == '=' && count >= 2 && source.Length - position < QuantumSymbols)
                {
                    if (PaddingError(source, position, count) is { } error)
                    {
                        return Corrupt(error);
                    }

                    padded = true;
                    continue;
                }

                var value = Alphabet.IndexOf((char)symbol, StringComparison.Ordinal);
                if (value < 0)
                {
                    return Corrupt(position - 1);
                }

                bits |= (ulong)value << (35 - (5 * count++));
            }

            for (var i = 0; i < count * 5 / 8; i++)
            {
                output.Add((byte)((bits >> (32 - (8 * i))) & 0xFF));
            }

            if (padded)
            {
                break;
            }
        }

        return ([.. output], null);
    }

    private static int? PaddingError(byte[] source, int position, int count)
    {
        if (source.Length - position + count < QuantumSymbols - 1)
        {
            return source.Length;
        }

        for (var k = 0; k < QuantumSymbols - 1 - count && position + k < source.Length; k++)
        {
            if (source[position + k] != '=')
            {
                return position + k - 1;
            }
        }

        return count is 1 or 3 or 6 ? position - 1 : null;
    }

    private static (byte[]? Bytes, string? Error) Corrupt(int position) => (null, $"illegal base32 data at input byte {position}");
}
