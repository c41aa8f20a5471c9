using System.Globalization;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Fields of a PushSecret that have no effect beside its other fields, or at stores that keep none of a Secret's metadata.</summary>
internal static class PushUnused
{
    /// <param name="keepsMetadata">Whether type, labels and annotations of what was pushed went to some store.</param>
    public static IEnumerable<string> Of(PushSecretSpec spec, bool keepsMetadata) =>
    [
        .. from entry in spec.SecretStoreRefs.Index() where IsDouble(entry.Item) select At("spec.secretStoreRefs", entry.Index, ".name"),
        .. spec.Selector.Secret is { Name.Length: > 0, Selector: not null } ? (string[])["spec.selector.secret.selector"] : [],
        // Unlike in secretStoreRefs the name counts.
        .. from entry in (spec.DataTo ?? []).Index() where IsDouble(entry.Item.StoreRef) select At("spec.dataTo", entry.Index, ".storeRef.labelSelector"),
        .. ExternalUnused.Of(spec.Template, "spec.template"),
        .. spec.Template?.Metadata?.Finalizers is { Count: > 0 } ? (string[])["spec.template.metadata.finalizers"] : [],
        .. keepsMetadata ? [] : Metadata(spec.Template),
    ];

    private static bool IsDouble(PushSecretStoreRef? reference) => reference is { Name.Length: > 0, LabelSelector: not null };

    private static IEnumerable<string> Metadata(ExternalSecretTemplate? template)
    {
        if (!string.IsNullOrEmpty(template?.Type)) yield return "spec.template.type";
        if (template?.Metadata?.Labels is { Count: > 0 }) yield return "spec.template.metadata.labels";
        if (template?.Metadata?.Annotations is { Count: > 0 }) yield return "spec.template.metadata.annotations";
        foreach (var (index, from) in (template?.TemplateFrom ?? []).Index())
        {
            if (ExternalUnused.IsTemplate(from) && !from.EffectiveTarget.Equals(TemplateFrom.Data, StringComparison.OrdinalIgnoreCase)) yield return At("spec.template.templateFrom", index, "");
        }
    }

    private static string At(string list, int index, string field) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]{field}");
}
