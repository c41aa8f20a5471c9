namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>
/// <c>spec.target.template</c> of an ExternalSecret, or <c>spec.template</c> of a PushSecret, whose <see cref="Merge"/> is always on: what a Secret is made
/// of besides the fetched values. <see cref="TargetRenderer"/> renders it.
/// </summary>
public sealed record TargetTemplate
{
    private const string ServiceAccountToken = "kubernetes.io/service-account-token";
    private const string ServiceAccountName = "kubernetes.io/service-account.name";
    private const string BootstrapToken = "bootstrap.kubernetes.io/token";

    /// <summary>Only <c>v2</c>, also when empty.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>Type of the Secret; null leaves it.</summary>
    public string? Type { get; init; }

    /// <summary><c>mergePolicy: Merge</c>: the fetched values stay beside what is rendered. They also stay where no data is rendered at all.</summary>
    public bool Merge { get; init; }

    /// <summary>Key → template.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Key → template.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Copied, not rendered.</summary>
    public IReadOnlyList<string> Finalizers { get; init; } = [];

    /// <summary>Key → template. Wins over <see cref="From"/>.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<TemplateFrom> From { get; init; } = [];

    /// <summary>What has to be read before this can be rendered, each once, in order.</summary>
    public IEnumerable<TemplateResource> Resources => From.SelectMany(ResourcesOf).Distinct();

    internal bool KeepsValues => Merge || (Data.Count == 0 && From.Count == 0);

    /// <summary>Why a Secret must not be made of this whatever it renders to, or null. The checks are those that the original's admission webhook makes.</summary>
    public string? Refusal()
    {
        if (EngineVersion is not ("" or "v2")) return $"template.engineVersion={Quoted(EngineVersion)} is not supported, only \"v2\" is";
        if (Type == BootstrapToken) return $"template.type={Quoted(BootstrapToken)} is not allowed";
        if (Type == ServiceAccountToken)
        {
            // Kubernetes would answer with a token of that service account.
            if (Annotations.ContainsKey(ServiceAccountName)) return $"template.type={Quoted(ServiceAccountToken)} with annotation {Quoted(ServiceAccountName)} is not allowed";
            if (From.Any(from => TargetOf(from.Target) == RenderedPart.Annotations)) return $"template.type={Quoted(ServiceAccountToken)} with templateFrom target=\"Annotations\" is not allowed";
        }

        return From.FirstOrDefault(from => TargetOf(from.Target) is null) is { } odd
            ? $"templateFrom target={Quoted(odd.Target)} is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\""
            : null;
    }

    internal static RenderedPart? TargetOf(string target) => target.ToUpperInvariant() switch
    {
        "" or "DATA" => RenderedPart.Data,
        "LABELS" => RenderedPart.Labels,
        "ANNOTATIONS" => RenderedPart.Annotations,
        _ => null,
    };

    private static IEnumerable<TemplateResource> ResourcesOf(TemplateFrom from)
    {
        if (from.ConfigMap is not null) yield return new TemplateResource(TemplateResourceKind.ConfigMap, from.ConfigMap.Name);
        if (from.Secret is not null) yield return new TemplateResource(TemplateResourceKind.Secret, from.Secret.Name);
    }

    private static string Quoted(string text) => Formatting.GoQuote.Quote(text);
}
