namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <param name="Findings">By path, line and rule.</param>
/// <param name="Scanned">Texts read.</param>
/// <param name="PassedOver">Files that were not: binary, links, and those too large, of which a finding tells as well where they are texts.</param>
internal sealed record ScanResult(IReadOnlyList<Finding> Findings, int Scanned, int PassedOver);
