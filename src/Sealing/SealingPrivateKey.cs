using System.Diagnostics.CodeAnalysis;
using GitOpsSecrets.Sealing.Rsa;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// A private key as something that opens. It has no getter of its numbers on purpose: code that holds one cannot leak it, and a key
/// that lives in an HSM or a KMS can take its place. Safe for use from many threads.
/// </summary>
public sealed class SealingPrivateKey : IDisposable
{
    private readonly IOaepDecryptor decryptor;

    private SealingPrivateKey(IOaepDecryptor decryptor, RsaPublicKey publicKey)
    {
        this.decryptor = decryptor;
        Fingerprint = publicKey.Fingerprint;
        KeyBits = publicKey.Bits;
        BlockSize = publicKey.ModulusSize;
    }

    /// <summary><c>SHA256:</c> and unpadded base64 of the SHA-256 of the public key's SSH wire form, as <c>ssh-keygen -l</c> prints it; equals the fingerprint of its certificate.</summary>
    public string Fingerprint { get; }

    /// <summary>Size of the RSA modulus in bits.</summary>
    public int KeyBits { get; }

    /// <summary>Size in bytes of a sealed session key for this key.</summary>
    public int BlockSize { get; }

    /// <summary>Reads the first private key of a PEM text: PKCS#1 or PKCS#8, RSA, not encrypted.</summary>
    public static bool TryLoad(string pem, [NotNullWhen(true)] out SealingPrivateKey? key, [NotNullWhen(false)] out SealingFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(pem);
        return TryLoad(pem, OaepBackend.Load, out key, out failure);
    }

    /// <summary>The same with a chosen backend, so that tests can run both.</summary>
    internal static bool TryLoad(string pem, LoadDecryptor load, [NotNullWhen(true)] out SealingPrivateKey? key, [NotNullWhen(false)] out SealingFailure? failure)
    {
        var (decryptor, publicKey) = PrivateKeyPem.Load(pem, load, out failure);
        key = failure is null ? new SealingPrivateKey(decryptor!, publicKey!) : null;
        return key is not null;
    }

    /// <summary>Opens a sealed session key. <c>false</c> for another key, another label or an altered block: which one is not told.</summary>
    /// <param name="sealedSessionKey">The RSA block; one of another size than <see cref="BlockSize"/> is refused without work.</param>
    /// <param name="label">The OAEP label of the scope.</param>
    /// <param name="destination">At least <see cref="BlockSize"/> bytes; zeroed by the caller after use.</param>
    /// <param name="written">Bytes of the session key.</param>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool TryOpen(ReadOnlySpan<byte> sealedSessionKey, ReadOnlySpan<byte> label, Span<byte> destination, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, BlockSize, nameof(destination));
        written = 0;
        return sealedSessionKey.Length == BlockSize && decryptor.TryDecrypt(sealedSessionKey, label, destination, out written);
    }

    public void Dispose() => decryptor.Dispose();

    public override string ToString() => $"private key {Fingerprint}";
}
