using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.GoTemplate.RegularExpressions;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>What a store's <c>whitelist</c> lets be read: everything where it has no rules, else what one of them matches in all that it says. Pure.</summary>
internal sealed class CrdAllowance
{
    private readonly IReadOnlyList<Rule> rules;

    private CrdAllowance(IReadOnlyList<Rule> rules) => this.rules = rules;

    /// <summary>Whether the property that is asked for decides.</summary>
    public bool LooksAtProperties => rules.Any(rule => rule.Properties.Count > 0);

    /// <param name="whitelist">Already checked.</param>
    /// <param name="isClusterWide">Namespaces count for cluster stores only.</param>
    public static CrdAllowance Of(CrdStore.WhitelistBlock? whitelist, bool isClusterWide) => new([.. (whitelist?.Rules ?? []).Select(rule => new Rule(
        Parse(rule.Name), isClusterWide ? Parse(rule.Namespace) : null, [.. (rule.Properties ?? []).Select(property => Parse(property) ?? Anything)]))]);

    /// <param name="property">Null for the whole object, which rules about properties do not give away.</param>
    public bool Allows(CrdKey key, string? property) => rules.Count == 0 || rules.Any(rule => rule.Allows(key, string.IsNullOrEmpty(property) ? null : property));

    private static Re2 Anything => Parse(".*")!;

    private static Re2? Parse(string? expression) => string.IsNullOrEmpty(expression) ? null
        : Re2.TryParse(expression, out var parsed, out var problem) ? parsed : throw new ProviderException(ProviderFailureKind.Invalid, $"{CrdRules.Root}.whitelist: {problem}");

    private sealed record Rule(Re2? Name, Re2? Namespace, IReadOnlyList<Re2> Properties)
    {
        public bool Allows(CrdKey key, string? property)
        {
            if (Name is not null && !Name.IsMatch(key.Name)) return false;
            if (Namespace is not null && !(key.Namespace is { } place && Namespace.IsMatch(place))) return false;
            return Properties.Count == 0 || (property is not null && Properties.Any(allowed => allowed.IsMatch(property)));
        }
    }
}
