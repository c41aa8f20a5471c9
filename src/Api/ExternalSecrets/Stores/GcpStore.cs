using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Google Cloud Secret Manager.</summary>
public sealed record GcpStore
{
    public const string LatestOrFail = "LatestOrFail";
    public const string LatestOrFetch = "LatestOrFetch";

    public GcpAuth? Auth { get; init; }
    public string? ProjectID { get; init; }

    /// <summary>Region of regional secrets.</summary>
    public string? Location { get; init; }

    /// <summary>LatestOrFail (the default), or LatestOrFetch: the newest enabled version where the latest is not.</summary>
    [Schema(Nullable = true)]
    public string? SecretVersionSelectionPolicy { get; init; }
}
