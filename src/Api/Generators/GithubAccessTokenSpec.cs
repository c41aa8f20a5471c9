using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A token of a GitHub App.</summary>
[GeneratorKind(GeneratorKinds.GithubAccessToken)]
public sealed record GithubAccessTokenSpec
{
    public required string AppID { get; init; }
    public required AuthBlock Auth { get; init; }
    public required string InstallID { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Permissions { get; init; }

    public IReadOnlyList<string>? Repositories { get; init; }
    public string? Url { get; init; }

    public sealed record AuthBlock
    {
        public required PrivateKeyBlock PrivateKey { get; init; }
    }

    public sealed record PrivateKeyBlock
    {
        public required SecretKeySelector SecretRef { get; init; }
    }
}
