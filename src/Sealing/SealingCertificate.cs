using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GitOpsSecrets.Sealing.Rsa;

namespace GitOpsSecrets.Sealing;

/// <summary>A certificate to seal to. Only its RSA key and its dates matter; chain, issuer and key usage are not checked, as in the original.</summary>
public sealed class SealingCertificate
{
    private readonly RsaPublicKey key;

    private SealingCertificate(CertificateContent content)
    {
        key = content.Key;
        NotBefore = content.NotBefore;
        NotAfter = content.NotAfter;
        Pem = content.Pem;
    }

    /// <summary><c>SHA256:</c> and unpadded base64 of the SHA-256 of the public key's SSH wire form, as <c>ssh-keygen -l</c> prints it; equals the fingerprint of its private key.</summary>
    public string Fingerprint => key.Fingerprint;

    /// <summary>This one certificate as PEM, with a newline at its end.</summary>
    public string Pem { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>Size of the RSA modulus in bits.</summary>
    public int KeyBits => key.Bits;

    /// <summary>Reads the first certificate of a PEM text; whatever else is in it is passed over.</summary>
    public static bool TryLoad(string pem, [NotNullWhen(true)] out SealingCertificate? certificate, [NotNullWhen(false)] out SealingFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(pem);
        certificate = CertificateContent.Read(pem, out failure) is { } content ? new SealingCertificate(content) : null;
        return certificate is not null;
    }

    /// <summary>A failure when the certificate has expired at <paramref name="now"/>, in the original's words; else <c>null</c>.</summary>
    public SealingFailure? CheckExpiry(DateTimeOffset now) => now <= NotAfter
        ? null
        : new SealingFailure(
            SealingFailureKind.ExpiredCertificate,
            "failed to encrypt using an expired certificate on " + NotAfter.UtcDateTime.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture));

    /// <summary>Seals one value; see <see cref="SealedItem"/> for the bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="SealedItem.MaxSealedPlaintext"/> bytes.</exception>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, SealedItem.MaxSealedPlaintext, nameof(plaintext));
        return SealedItem.Write(plaintext, label, key);
    }

    /// <summary>Seals what was opened from an item, which may be larger than anything sealed anew.</summary>
    internal byte[] Reseal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> label) => SealedItem.Write(plaintext, label, key);

    public override string ToString() => $"certificate {Fingerprint}";
}
