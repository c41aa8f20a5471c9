using System.Buffers.Binary;

namespace GitOpsSecrets.Providers.Generators.SshKey;

/// <summary>The data types of SSH (RFC 4251, section 5), appended to a buffer.</summary>
internal static class SshWire
{
    public static void AppendNumber(this SecretBuffer buffer, int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(sizeof(int)), number);
        buffer.Advance(sizeof(int));
    }

    /// <summary>Its length, then the bytes.</summary>
    public static void AppendText(this SecretBuffer buffer, ReadOnlySpan<byte> text)
    {
        buffer.AppendNumber(text.Length);
        buffer.Append(text);
    }

    /// <summary>A positive number in as few bytes as hold it and its sign.</summary>
    public static void AppendInteger(this SecretBuffer buffer, ReadOnlySpan<byte> bigEndian)
    {
        var digits = bigEndian.TrimStart((byte)0);
        var sign = digits.Length > 0 && digits[0] >= 0x80;
        buffer.AppendNumber(digits.Length + (sign ? 1 : 0));
        if (sign) buffer.Append((byte)0);
        buffer.Append(digits);
    }
}
