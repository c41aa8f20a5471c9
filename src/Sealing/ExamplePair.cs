namespace GitOpsSecrets.Sealing;

/// <summary>The pair in <c>keys.example/</c>, which is for trying out: everybody has its private key.</summary>
public static class ExamplePair
{
    /// <summary>As <see cref="SealingCertificate.Fingerprint"/> has it.</summary>
    public const string Fingerprint = "SHA256:Z8HplXSqrt8ekNr7omsdfeqNcgEeDyFZ02fC0DIqxEk";

    public static bool Is(SealingCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Fingerprint == Fingerprint;
    }
}
