namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>A cluster that a repository is for: where its certificate comes from.</summary>
/// <param name="Name">The word that rules and paths use.</param>
/// <param name="Certificate">A path from the folder of the rules, or a URL.</param>
/// <param name="Context">Instead of that: the kube context whose certificate <c>seal cert</c> keeps.</param>
/// <param name="Fingerprint">What the certificate's must be; null for any.</param>
internal sealed record Cluster(string Name, string? Certificate, string? Context, string? Fingerprint)
{
    public bool IsRemote => Certificate?.Contains("://", StringComparison.Ordinal) == true;
}
