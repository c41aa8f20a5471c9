using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Providers.Rules;

/// <summary>
/// What an ExternalSecret must keep to that its schema cannot say: the checks of the original's admission webhook, in its order and words, with
/// its defaults applied. A duration that is none was refused there while the object was read; a schedule that is none is refused here alone.
/// </summary>
public static class ExternalSecretRules
{
    private const string ScheduleForm = "must be five fields in UTC (minute hour day month weekday), \"@daily\" and its like, or \"@every\" with a duration";

    public static RuleFinding Check(ExternalSecret externalSecret)
    {
        ArgumentNullException.ThrowIfNull(externalSecret);
        return new([.. Refusals(externalSecret.Spec)], []);
    }

    private static IEnumerable<RuleRefusal> Refusals(ExternalSecretSpec spec) =>
    [
        .. Times(spec),
        .. Policies(spec.Target ?? new ExternalSecretTarget()),
        .. Sources(spec),
        .. Template(spec.Target),
        .. Generators(spec),
        .. (spec.DataFrom ?? []).SelectMany((entry, index) => Entry(entry, $"spec.dataFrom[{index}]")),
        .. DoubleKeys(spec),
    ];

    private static IEnumerable<RuleRefusal> Times(ExternalSecretSpec spec)
    {
        if (spec.RefreshInterval is { Error: { } problem } interval)
        {
            yield return new("spec.refreshInterval", $"invalid refreshInterval {GoQuote.Quote(interval.Text)}: {problem}");
        }
        foreach (var (index, window) in (spec.SyncWindows?.Windows ?? []).Index())
        {
            var path = $"spec.syncWindows.windows[{index}]";
            if (window.Duration.Error is { } wrong) yield return new(path + ".duration", $"invalid duration {GoQuote.Quote(window.Duration.Text)}: {wrong}");
            // The original drops such a window without a word: with kind allow nothing is ever refreshed again, with deny nothing is held back.
            else if (window.Duration.Value < TimeSpan.Zero) yield return new(path + ".duration", $"invalid duration {GoQuote.Quote(window.Duration.Text)}: a window cannot be shorter than nothing");
            if (CronSchedule.TryParse(window.Schedule) is null) yield return new(path + ".schedule", $"invalid schedule {GoQuote.Quote(window.Schedule)}: {ScheduleForm}");
        }
    }

    private static IEnumerable<RuleRefusal> Policies(ExternalSecretTarget target)
    {
        var creation = target.EffectiveCreationPolicy;
        var deletion = target.EffectiveDeletionPolicy;
        if (deletion == DeletionPolicy.Delete && creation is CreationPolicy.Merge or CreationPolicy.None or CreationPolicy.CreateOrMerge)
        {
            yield return new("spec.target.deletionPolicy", "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner");
        }
        if (deletion == DeletionPolicy.Merge && creation == CreationPolicy.None)
        {
            yield return new("spec.target.deletionPolicy", "deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with");
        }
    }

    private static IEnumerable<RuleRefusal> Sources(ExternalSecretSpec spec)
    {
        if (spec.Data is not { Count: > 0 } && spec.DataFrom is not { Count: > 0 }) yield return new("spec", "either data or dataFrom should be specified");
    }

    private static IEnumerable<RuleRefusal> Template(ExternalSecretTarget? target)
    {
        if (target?.Template is not { } template) yield break;
        if (TemplateRules.Privilege(template) is { } privilege) yield return new("spec.target.template.type", privilege);
        // Of another kind any path may be written.
        if (target.Manifest is not (null or { ApiVersion: Secret.SecretApiVersion, Kind: Secret.SecretKind })) yield break;
        foreach (var (index, problem) in TemplateRules.OddTargets(template)) yield return new($"spec.target.template.templateFrom[{index}].target", problem);
    }

    /// <summary>The original takes the value from <c>spec.secretStoreRef</c> instead, as if no generator were named.</summary>
    private static IEnumerable<RuleRefusal> Generators(ExternalSecretSpec spec)
    {
        foreach (var (index, entry) in (spec.Data ?? []).Index())
        {
            if (entry.SourceRef?.GeneratorRef is not null) yield return new($"spec.data[{index}].sourceRef.generatorRef", "a generator makes all keys of dataFrom, never one of data: move the generatorRef to dataFrom, with a rewrite if its keys need other names");
        }
    }

    private static IEnumerable<RuleRefusal> Entry(DataFrom entry, string path)
    {
        var sources = (entry.Extract is null ? 0 : 1) + (entry.Find is null ? 0 : 1) + (entry.SourceRef?.GeneratorRef is null ? 0 : 1);
        if (sources > 1) yield return new(path, "extract, find, or generatorRef cannot be set at the same time");
        if (entry is { Extract: null, Find: null, SourceRef: null }) yield return new(path, "either extract, find, or sourceRef must be set to dataFrom");
        if (entry.SourceRef is { GeneratorRef: null, StoreRef: null }) yield return new(path + ".sourceRef", "generatorRef or storeRef must be set when using sourceRef in dataFrom");
    }

    /// <summary>With another deletionPolicy the last one wins, as in the original.</summary>
    private static IEnumerable<RuleRefusal> DoubleKeys(ExternalSecretSpec spec)
    {
        if ((spec.Target ?? new ExternalSecretTarget()).EffectiveDeletionPolicy != DeletionPolicy.Retain) yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, entry) in (spec.Data ?? []).Index())
        {
            if (!seen.Add(entry.SecretKey)) yield return new($"spec.data[{index}].secretKey", $"duplicate secretKey found: {entry.SecretKey}");
        }
    }
}
