using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>One value under one key.</summary>
public sealed record ExternalSecretData
{
    /// <summary>Key of the item in the Secret.</summary>
    [ItemKey]
    public required string SecretKey { get; init; }

    public required RemoteRef RemoteRef { get; init; }

    public SourceRef? SourceRef { get; init; }
}
