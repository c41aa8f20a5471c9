namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>
/// The private operation: RSA-OAEP decryption with SHA-256 and a label. It opens and never shows a number, so that a key in an HSM or
/// a KMS can stand here. Safe for use from many threads.
/// </summary>
internal interface IOaepDecryptor : IDisposable
{
    /// <summary>Decrypts one block. <c>false</c> for every reason alike: which check of the padding failed is not told.</summary>
    /// <param name="block">The encrypted block, as long as the modulus.</param>
    /// <param name="label">OAEP label; may be empty.</param>
    /// <param name="message">At least as long as the block; zeroed on failure. The caller zeroes it after use.</param>
    /// <param name="written">Bytes of the message.</param>
    bool TryDecrypt(ReadOnlySpan<byte> block, ReadOnlySpan<byte> label, Span<byte> message, out int written);
}
