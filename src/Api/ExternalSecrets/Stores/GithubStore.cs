using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Secrets of GitHub Actions; they can only be written.</summary>
public sealed record GithubStore
{
    public required long AppID { get; init; }
    public required AuthBlock Auth { get; init; }
    public string? Environment { get; init; }
    public required long InstallationID { get; init; }

    [Values("all", "private")]
    public string? OrgSecretVisibility { get; init; }

    public required string Organization { get; init; }
    public string? Repository { get; init; }
    public string? UploadURL { get; init; }

    /// <summary>https://github.com/ by default.</summary>
    [Schema(Nullable = true)]
    public string? Url { get; init; }

    public sealed record AuthBlock
    {
        public required SecretKeySelector PrivateKey { get; init; }
    }
}
