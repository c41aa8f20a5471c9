using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Yandex Lockbox.</summary>
public sealed record YandexLockboxStore
{
    public string? ApiEndpoint { get; init; }
    public required AuthBlock Auth { get; init; }
    public CaProviderBlock? CaProvider { get; init; }
    public FetchingBlock? Fetching { get; init; }

    public sealed record AuthBlock
    {
        public SecretKeySelector? AuthorizedKeySecretRef { get; init; }
    }

    public sealed record CaProviderBlock
    {
        public SecretKeySelector? CertSecretRef { get; init; }
    }

    [Schema(MinProperties = 1, MaxProperties = 1)]
    public sealed record FetchingBlock
    {
        public ByIDBlock? ByID { get; init; }
        public ByNameBlock? ByName { get; init; }
    }

    public sealed record ByIDBlock;

    public sealed record ByNameBlock
    {
        public required string FolderID { get; init; }
    }
}
