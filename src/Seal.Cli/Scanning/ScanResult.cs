namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <param name="Findings">By path, line and rule.</param>
/// <param name="Scanned">Texts read.</param>
/// <param name="PassedOver">Files that were not: binary, too large, links.</param>
internal sealed record ScanResult(IReadOnlyList<Finding> Findings, int Scanned, int PassedOver);
