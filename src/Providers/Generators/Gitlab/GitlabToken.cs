namespace GitOpsSecrets.Providers.Generators.Gitlab;

/// <summary>A deploy token that was made; it is shown only once.</summary>
/// <param name="Token">The reader's to zero.</param>
internal sealed record GitlabToken(long Id, byte[] Username, byte[] Token)
{
    public override string ToString() => $"deploy token {Id}";
}
