using System.Globalization;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External;

/// <summary>Fields of an ExternalSecret that have no effect beside its other fields, whatever its stores are: it works as with the original, and its author is told.</summary>
internal static class ExternalUnused
{
    public static IEnumerable<string> Of(ExternalSecretSpec spec) => [.. Times(spec), .. Target(spec.Target)];

    private static IEnumerable<string> Times(ExternalSecretSpec spec)
    {
        var isPeriodic = spec.EffectiveRefreshPolicy == RefreshPolicy.Periodic;
        // The default is not told: the original's definition fills it in everywhere.
        if (!isPeriodic && spec.RefreshInterval is { } interval && interval.Value != ExternalSecretSpec.DefaultRefreshInterval) yield return "spec.refreshInterval";
        if (spec.SyncWindows is not null && (!isPeriodic || spec.RefreshInterval?.Value <= TimeSpan.Zero)) yield return "spec.syncWindows";
    }

    private static IEnumerable<string> Target(ExternalSecretTarget? target)
    {
        if (target?.EffectiveCreationPolicy == CreationPolicy.None)
        {
            if (target.Immutable == true) yield return "spec.target.immutable";
            if (target.Template is not null) yield return "spec.target.template";
            yield break;
        }
        foreach (var field in Of(target?.Template, "spec.target.template")) yield return field;
    }

    /// <summary>Entries of <c>templateFrom</c> that name no template. They take the place of the fetched values all the same.</summary>
    public static IEnumerable<string> Of(ExternalSecretTemplate? template, string path) =>
        from entry in (template?.TemplateFrom ?? []).Index()
        where !IsTemplate(entry.Item)
        select string.Create(CultureInfo.InvariantCulture, $"{path}.templateFrom[{entry.Index}]");

    public static bool IsTemplate(TemplateFrom from) => from is { Literal: not null } or { ConfigMap.Items.Count: > 0 } or { Secret.Items.Count: > 0 };
}
