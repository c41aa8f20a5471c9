using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.RegularExpressions;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Rules;

/// <summary>
/// What a SecretStore or ClusterSecretStore must keep to that its schema cannot say: the checks of the original's admission webhook in its words,
/// all at once where it stopped at the first; what a provider's own options must keep to, its provider says.
/// </summary>
public sealed class SecretStoreRules(ProviderCatalog providers)
{
    private const string NoAuthority = "No caBundle or caProvider specified; TLS connections will use system certificate roots.";

    public RuleFinding Check(SecretStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Check(SecretStore.SecretStoreKind, store.Metadata, store.Spec);
    }

    public RuleFinding Check(ClusterSecretStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Check(ClusterSecretStore.ClusterSecretStoreKind, store.Metadata, store.Spec);
    }

    /// <param name="kind">Which of the two it is.</param>
    public RuleFinding Check(string kind, ObjectMeta metadata, SecretStoreSpec spec)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(spec);
        var ns = kind == ClusterSecretStore.ClusterSecretStoreKind ? null : metadata.Namespace ?? "";
        var name = metadata.Name ?? "";
        var refusals = new List<RuleRefusal>([.. Expressions(spec), .. ns is null ? Selectors(spec) : [], .. Times(spec)]);
        if (spec.Provider is not { Name: { } chosen } block)
        {
            refusals.Add(new("spec.provider", $"store error for {name}: secret stores must only have exactly one backend specified, found {spec.Provider?.Names.Count ?? 0}"));
            return new(refusals, []);
        }
        if (providers.Find(chosen) is not { } provider)
        {
            refusals.Add(new($"spec.provider.{chosen}", $"failed to find registered store backend for type: {chosen}, name: {name}{(NotYetThere.ReasonFor(chosen) is { } reason ? $": it is not supported yet: {reason}" : "")}"));
            return new(refusals, []);
        }
        refusals.AddRange(provider.Check(new StoreDescription(kind, name, ns, block.Options)).Select(problem => new RuleRefusal($"spec.provider.{chosen}", problem)));
        return new(refusals, [.. Warnings(metadata, provider, block.Options)]);
    }

    private static IEnumerable<RuleRefusal> Expressions(SecretStoreSpec spec) =>
        from condition in (spec.Conditions ?? []).Index()
        from expression in (condition.Item.NamespaceRegexes ?? []).Index()
        let problem = Re2.TryParse(expression.Item, out _, out var found) ? null : found
        where problem is not null
        select new RuleRefusal(
            $"spec.conditions[{condition.Index}].namespaceRegexes[{expression.Index}]",
            $"failed to compile {expression.Index}th namespace regex in {condition.Index}th condition: {problem}");

    /// <summary>A SecretStore is of one namespace: there they have no effect.</summary>
    private static IEnumerable<RuleRefusal> Selectors(SecretStoreSpec spec) =>
        (spec.Conditions ?? []).SelectMany((condition, index) => LabelRules.Problems(condition.NamespaceSelector, $"spec.conditions[{index}].namespaceSelector"));

    private static IEnumerable<RuleRefusal> Times(SecretStoreSpec spec)
    {
        foreach (var problem in DurationRules.Problems(spec.RefreshInterval, "spec.refreshInterval", mayBeNegative: false)) yield return problem;
        if (spec.RetrySettings?.MaxRetries is < 0 and var retries) yield return new("spec.retrySettings.maxRetries", $"invalid maxRetries {retries}: must not be negative");
        foreach (var problem in DurationRules.Problems(spec.RetrySettings?.RetryInterval, "spec.retrySettings.retryInterval", mayBeNegative: false)) yield return problem;
    }

    private static IEnumerable<string> Warnings(ObjectMeta metadata, IProvider provider, JsonElement options)
    {
        if (provider.Name is "kubernetes" or "crd"
            && !Has(options, "authRef") && !(options.TryGetProperty("server", out var server) && (Has(server, "caBundle") || Has(server, "caProvider"))))
        {
            yield return NoAuthority;
        }
        if (!provider.IsMaintained && metadata.Annotation(ExternalSecretNames.IgnoreMaintenanceChecksAnnotation) is null)
        {
            yield return $"store {metadata.Name} isn't currently maintained. Please plan and prepare accordingly.";
        }
    }

    private static bool Has(JsonElement options, string member) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null;
}
