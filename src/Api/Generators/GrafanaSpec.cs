using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A token of a service account of Grafana.</summary>
[GeneratorKind(GeneratorKinds.Grafana)]
public sealed record GrafanaSpec
{
    public required AuthBlock Auth { get; init; }
    public required ServiceAccountBlock ServiceAccount { get; init; }
    public required string Url { get; init; }

    public sealed record AuthBlock
    {
        public BasicBlock? Basic { get; init; }
        public LocalSecretKeySelector? Token { get; init; }
    }

    public sealed record BasicBlock
    {
        public required LocalSecretKeySelector Password { get; init; }
        public required string Username { get; init; }
    }

    public sealed record ServiceAccountBlock
    {
        public required string Name { get; init; }
        public required string Role { get; init; }

        [Schema(Minimum = 1)]
        public long? SecondsToLive { get; init; }
    }
}
