using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A deploy token of GitLab.</summary>
[GeneratorKind(GeneratorKinds.GitlabDeployToken)]
[Rule("has(self.projectID) != has(self.groupID)", "exactly one of projectID or groupID must be set")]
public sealed record GitlabDeployTokenSpec
{
    public required AuthBlock Auth { get; init; }

    [Schema(Format = "date-time")]
    public string? ExpiresAt { get; init; }

    [Schema(MinLength = 1)]
    public string? GroupID { get; init; }

    [Schema(MinLength = 1)]
    public required string Name { get; init; }

    [Schema(MinLength = 1)]
    public string? ProjectID { get; init; }

    [Schema(MinItems = 1)]
    [Values("read_repository", "read_registry", "write_registry", "read_package_registry", "write_package_registry", "read_virtual_registry", "write_virtual_registry")]
    public required IReadOnlyList<string> Scopes { get; init; }

    public string? Url { get; init; }
    public string? Username { get; init; }

    public sealed record AuthBlock
    {
        public required TokenBlock Token { get; init; }
    }

    public sealed record TokenBlock
    {
        public required SecretKeySelector SecretRef { get; init; }
    }
}
