namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Keeper Security.</summary>
public sealed record KeeperStore
{
    public required SecretKeySelector AuthRef { get; init; }
    public required string FolderID { get; init; }
    public bool? GetByTitleFallback { get; init; }
}
