namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Bitwarden Secrets Manager, through its SDK server.</summary>
public sealed record BitwardenStore
{
    public string? ApiURL { get; init; }
    public required AuthBlock Auth { get; init; }
    public string? BitwardenServerSDKURL { get; init; }
    public string? CaBundle { get; init; }
    public CaProvider? CaProvider { get; init; }
    public string? IdentityURL { get; init; }
    public required string OrganizationID { get; init; }
    public required string ProjectID { get; init; }

    public sealed record AuthBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector Credentials { get; init; }
    }
}
