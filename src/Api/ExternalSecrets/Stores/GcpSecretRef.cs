namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>The key of a service account of Google Cloud.</summary>
public sealed record GcpSecretRef
{
    /// <summary>The key file, as JSON.</summary>
    public SecretKeySelector? SecretAccessKeySecretRef { get; init; }
}
