namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record PushSecretDataToMatch
{
    /// <summary>Regular expression (RE2) that is found anywhere in the key.</summary>
    public string? Regexp { get; init; }
}
