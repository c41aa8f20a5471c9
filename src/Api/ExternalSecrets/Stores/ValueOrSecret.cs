namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>A value written here, or an item of a Secret.</summary>
public sealed record ValueOrSecret
{
    public string? Value { get; init; }
    public SecretKeySelector? SecretRef { get; init; }
}
