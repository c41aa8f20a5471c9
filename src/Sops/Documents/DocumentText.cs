using System.Text;

namespace GitOpsSecrets.Sops.Documents;

/// <summary>From bytes to text: UTF-8 without faults, of a bounded length, without a byte order mark.</summary>
internal static class DocumentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="SopsException">Malformed or limit.</exception>
    public static string Decode(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        if (file.Length > limits.MaxBytes) throw new SopsException(SopsFailure.Limit, $"the file is longer than {limits.MaxBytes} bytes");
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        return TryDecode(file) ?? throw new SopsException(SopsFailure.Malformed, "the file is not UTF-8 text");
    }

    /// <returns>Null when the bytes are not UTF-8.</returns>
    public static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
