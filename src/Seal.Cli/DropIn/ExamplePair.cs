using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>The pair in <c>keys.example/</c>, which is for trying out: everybody has its private key.</summary>
internal static class ExamplePair
{
    public const string Fingerprint = "SHA256:Z8HplXSqrt8ekNr7omsdfeqNcgEeDyFZ02fC0DIqxEk";

    public static bool Is(SealingCertificate certificate) => certificate.Fingerprint == Fingerprint;
}
