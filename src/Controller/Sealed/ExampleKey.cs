namespace GitOpsSecrets.Controller.Sealed;

/// <summary>The pair in <c>keys.example/</c>: anybody has its private key.</summary>
internal static class ExampleKey
{
    public const string Fingerprint = "SHA256:Z8HplXSqrt8ekNr7omsdfeqNcgEeDyFZ02fC0DIqxEk";
}
