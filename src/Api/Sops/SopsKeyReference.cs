namespace GitOpsSecrets.Api.Sops;

public sealed record SopsKeyReference
{
    public string? Name { get; init; }
}
