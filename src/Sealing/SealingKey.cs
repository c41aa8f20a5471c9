using System.Diagnostics.CodeAnalysis;

namespace GitOpsSecrets.Sealing;

/// <summary>A key of a <see cref="KeyRing"/>: a private key, the certificate that belongs to it, and its place in time.</summary>
public sealed class SealingKey : IDisposable
{
    /// <param name="privateKey">Owned by the new object.</param>
    /// <param name="orderingTime">The certificate's notBefore, or the creation time of the Secret that holds the key, as the controller is set.</param>
    public SealingKey(SealingPrivateKey privateKey, DateTimeOffset orderingTime)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        PrivateKey = privateKey;
        OrderingTime = orderingTime;
    }

    private SealingKey(SealingPrivateKey privateKey, SealingCertificate certificate, DateTimeOffset orderingTime)
        : this(privateKey, orderingTime) => Certificate = certificate;

    public SealingPrivateKey PrivateKey { get; }

    /// <summary>Absent for keys that are only there to open, such as those given for recovery.</summary>
    public SealingCertificate? Certificate { get; }

    public DateTimeOffset OrderingTime { get; }

    public string Fingerprint => PrivateKey.Fingerprint;

    /// <summary>
    /// Joins key and certificate; refuses a certificate of another key, because everything sealed to it would be lost. On failure the
    /// private key is still the caller's to dispose.
    /// </summary>
    /// <param name="orderingTime">The certificate's notBefore when <c>null</c>.</param>
    public static bool TryCreate(
        SealingPrivateKey privateKey, SealingCertificate certificate, DateTimeOffset? orderingTime,
        [NotNullWhen(true)] out SealingKey? key, [NotNullWhen(false)] out SealingFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        ArgumentNullException.ThrowIfNull(certificate);
        var matches = privateKey.Fingerprint == certificate.Fingerprint;
        key = matches ? new SealingKey(privateKey, certificate, orderingTime ?? certificate.NotBefore) : null;
        failure = matches ? null : new SealingFailure(SealingFailureKind.MismatchedCertificate, "the certificate belongs to another private key");
        return matches;
    }

    public void Dispose() => PrivateKey.Dispose();

    public override string ToString() => $"sealing key {Fingerprint}";
}
