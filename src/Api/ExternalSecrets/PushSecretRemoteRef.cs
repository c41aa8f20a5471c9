namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>The place at the provider.</summary>
public sealed record PushSecretRemoteRef
{
    public required string RemoteKey { get; init; }

    /// <summary>The member of the value that is written; the whole value when absent.</summary>
    public string? Property { get; init; }
}
