using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Variables of GitLab.</summary>
public sealed record GitlabStore
{
    public required AuthBlock Auth { get; init; }

    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public string? Environment { get; init; }
    public IReadOnlyList<string>? GroupIDs { get; init; }
    public bool? InheritFromGroups { get; init; }
    public string? ProjectID { get; init; }
    public string? Url { get; init; }

    public sealed record AuthBlock
    {
        [JsonPropertyName("SecretRef")]
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public SecretKeySelector? AccessToken { get; init; }
    }
}
