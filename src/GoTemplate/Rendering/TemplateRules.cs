using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>What can be told of an ExternalSecret's template (or a PushSecret's) before it is rendered.</summary>
public static class TemplateRules
{
    private const string EngineVersion = "v2";
    public const string ServiceAccountToken = "kubernetes.io/service-account-token";
    /// <summary>The annotation of a token that says of which service account it is.</summary>
    public const string ServiceAccountName = "kubernetes.io/service-account.name";
    private const string BootstrapToken = "bootstrap.kubernetes.io/token";

    /// <summary>Why a Secret must not be made of it whatever it renders to, or null. The checks are those that the original's admission webhook makes.</summary>
    public static string? Refusal(ExternalSecretTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Engine(template) ?? Privilege(template) ?? OddTargets(template).Select(odd => odd.Problem).FirstOrDefault();
    }

    /// <summary>Why an object of another kind must not be made of it, or null.</summary>
    public static string? ManifestRefusal(ExternalSecretTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (Engine(template) is { } refusal) return refusal;
        foreach (var (index, from) in From(template).Index())
        {
            if (ManifestAssembly.Refusal(from.EffectiveTarget) is { } problem) return $"template.templateFrom[{index}].target {GoQuote.Quote(from.EffectiveTarget)}: {problem}";
        }
        return null;
    }

    private static string? Engine(ExternalSecretTemplate template) =>
        string.IsNullOrEmpty(template.EngineVersion) || template.EngineVersion == EngineVersion ? null : $"template.engineVersion={GoQuote.Quote(template.EngineVersion)} is not supported, only \"v2\" is";

    /// <summary>Why the Secret's type must not be asked for in this way, or null: Kubernetes would give it rights of others.</summary>
    public static string? Privilege(ExternalSecretTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Type == BootstrapToken) return $"template.type={GoQuote.Quote(BootstrapToken)} is not allowed";
        if (template.Type != ServiceAccountToken) return null;
        // Kubernetes would answer with a token of that service account.
        if (template.Metadata?.Annotations?.ContainsKey(ServiceAccountName) == true)
            return $"template.type={GoQuote.Quote(ServiceAccountToken)} with annotation {GoQuote.Quote(ServiceAccountName)} is not allowed";
        return From(template).Any(from => PartOf(from) == RenderedPart.Annotations)
            ? $"template.type={GoQuote.Quote(ServiceAccountToken)} with templateFrom target=\"Annotations\" is not allowed"
            : null;
    }

    /// <summary>
    /// Whether a Secret would make Kubernetes answer with a token of a service account, which it did not do before: the annotation that names the account need not come
    /// from the template, but may have been left on the Secret by another.
    /// </summary>
    /// <param name="type">Of the Secret as it shall be.</param>
    /// <param name="annotations">Likewise.</param>
    /// <param name="typeBefore">Of the Secret that is there; null when there is none.</param>
    /// <param name="annotationsBefore">Likewise.</param>
    public static bool AsksForToken(string? type, IReadOnlyDictionary<string, string>? annotations, string? typeBefore, IReadOnlyDictionary<string, string>? annotationsBefore) =>
        type == ServiceAccountToken
        && annotations?.GetValueOrDefault(ServiceAccountName) is { } account
        && (typeBefore != ServiceAccountToken || annotationsBefore?.GetValueOrDefault(ServiceAccountName) != account);

    /// <summary>The entries of <c>templateFrom</c>, by their place, that would write to where a Secret has nothing to be written.</summary>
    public static IEnumerable<(int Index, string Problem)> OddTargets(ExternalSecretTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return From(template).Index().Where(entry => PartOf(entry.Item) is null).Select(entry => (
            entry.Index,
            $"templateFrom target={GoQuote.Quote(entry.Item.EffectiveTarget)} is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\""));
    }

    /// <summary>What has to be read before it can be rendered, each once, in order.</summary>
    public static IEnumerable<TemplateResource> Resources(ExternalSecretTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return From(template).SelectMany(ResourcesOf).Distinct();
    }

    /// <summary>Whether fetched values stay beside what is rendered: where the template says so, and where it renders no data at all.</summary>
    internal static bool KeepsValues(ExternalSecretTemplate template) =>
        template.EffectiveMergePolicy == ExternalSecretTemplate.Merge || (template.Data is null or { Count: 0 } && From(template).Count == 0);

    internal static IReadOnlyList<TemplateFrom> From(ExternalSecretTemplate template) => template.TemplateFrom ?? [];

    /// <summary>Null for what is no part of a Secret that a template may write.</summary>
    internal static RenderedPart? PartOf(TemplateFrom from) => from.EffectiveTarget.ToUpperInvariant() switch
    {
        "DATA" => RenderedPart.Data,
        "LABELS" => RenderedPart.Labels,
        "ANNOTATIONS" => RenderedPart.Annotations,
        _ => null,
    };

    private static IEnumerable<TemplateResource> ResourcesOf(TemplateFrom from)
    {
        if (from.ConfigMap is not null) yield return new TemplateResource(TemplateResourceKind.ConfigMap, from.ConfigMap.Name);
        if (from.Secret is not null) yield return new TemplateResource(TemplateResourceKind.Secret, from.Secret.Name);
    }
}
