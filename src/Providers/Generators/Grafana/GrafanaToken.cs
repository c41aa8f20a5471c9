namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>A token that was made; its key is shown only once.</summary>
/// <param name="Key">The reader's to zero.</param>
internal sealed record GrafanaToken(long Id, byte[] Key)
{
    public override string ToString() => $"token {Id}";
}
