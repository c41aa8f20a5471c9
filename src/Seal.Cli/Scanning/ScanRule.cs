namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>One thing that a scan looks for.</summary>
/// <param name="Id">What reports and ignore comments call it.</param>
/// <param name="Level">error, warning or note, as SARIF has them; notes do not fail a build.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record ScanRule(string Id, string Level, string Summary, string Remedy)
{
    public const string Error = "error";
    public const string Warning = "warning";
    public const string Note = "note";

    public static readonly ScanRule PlaintextSecret = new("plaintext-secret", Error, "A Secret with values in plain text", "Seal it (seal < secret.yaml) and delete the plain file; change the value, since it was readable");
    public static readonly ScanRule PlaintextGenerator = new("plaintext-generator", Error, "A Kustomize secretGenerator with values in plain text", "Replace the generator by a SealedSecret");
    public static readonly ScanRule PrivateKey = new("private-key", Error, "A private key", "Replace the key: everybody with the repository has it");
    public static readonly ScanRule NotEncrypted = new("sops-not-encrypted", Error, "A file that .sops.yaml wants encrypted, in plain text", "Encrypt it: sops encrypt --in-place");
    public static readonly ScanRule PlainValue = new("sops-plain-value", Error, "A value in plain text in a file encrypted with SOPS", "Set it through sops, which encrypts it");
    public static readonly ScanRule Malformed = new("sealed-malformed", Error, "A sealed value that cannot be one", "Seal the value again");
    public static readonly ScanRule WrongScope = new("sealed-wrong-scope", Error, "A SealedSecret that will not open where it is, or opens where it should not", "Seal it again for the right name, namespace and scope");
    public static readonly ScanRule Expired = new("sealed-expired", Error, "A value sealed with a certificate that has expired", "Fetch the current certificate and run seal reencrypt");
    public static readonly ScanRule OtherKey = new("sealed-other-key", Note, "A value sealed with another key than the certificate of its path", "seal reencrypt brings it up to date");
    public static readonly ScanRule NotRead = new("not-read", Warning, "A text that is too large to be scanned", "Split it, or name it under scan.ignore in .seal.yaml when it holds no secret");

    public static IReadOnlyList<ScanRule> All { get; } =
        [PlaintextSecret, PlaintextGenerator, PrivateKey, NotEncrypted, PlainValue, Malformed, WrongScope, Expired, OtherKey, NotRead];
}
