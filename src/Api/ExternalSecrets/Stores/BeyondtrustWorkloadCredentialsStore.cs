using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>BeyondTrust Workload Credentials.</summary>
public sealed record BeyondtrustWorkloadCredentialsStore
{
    public required AuthBlock Auth { get; init; }

    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public string? FolderPath { get; init; }
    public required ServerBlock Server { get; init; }

    public sealed record AuthBlock
    {
        public required ApikeyBlock Apikey { get; init; }
    }

    public sealed record ApikeyBlock
    {
        public required SecretKeySelector Token { get; init; }
    }

    public sealed record ServerBlock
    {
        public required string ApiUrl { get; init; }
        public required string SiteId { get; init; }
    }
}
