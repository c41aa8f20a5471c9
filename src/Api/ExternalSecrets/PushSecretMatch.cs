namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record PushSecretMatch
{
    /// <summary>Key of the item; the whole Secret when absent.</summary>
    public string? SecretKey { get; init; }

    public required PushSecretRemoteRef RemoteRef { get; init; }
}
