using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Any other resource of Kubernetes.</summary>
[Rule("has(self.auth) || has(self.authRef)", "one of auth or authRef is required")]
[Rule("[has(self.auth),has(self.authRef)].filter(x,x==true).size() <= 1", "at most one of the fields in [auth authRef] may be set")]
public sealed record CrdStore
{
    public KubernetesAuth? Auth { get; init; }
    public SecretKeySelector? AuthRef { get; init; }
    public required ResourceBlock Resource { get; init; }
    public KubernetesServer? Server { get; init; }
    public WhitelistBlock? Whitelist { get; init; }

    public sealed record ResourceBlock
    {
        public required string Group { get; init; }

        [Schema(MinLength = 1)]
        public required string Kind { get; init; }

        [Schema(MinLength = 1)]
        public required string Version { get; init; }
    }

    public sealed record WhitelistBlock
    {
        public IReadOnlyList<RuleBlock>? Rules { get; init; }
    }

    public sealed record RuleBlock
    {
        public string? Name { get; init; }
        public string? Namespace { get; init; }
        public IReadOnlyList<string>? Properties { get; init; }
    }
}
