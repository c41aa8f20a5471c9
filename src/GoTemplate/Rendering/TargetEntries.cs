using System.Globalization;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>The templates of an ExternalSecret in the order in which they are rendered.</summary>
internal static class TargetEntries
{
    public static IEnumerable<TargetEntry> Of(ExternalSecretTemplate template, IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources)
    {
        var sources = TemplateRules.From(template);
        for (var i = 0; i < sources.Count; i++)
        {
            foreach (var entry in OfSource(sources[i], string.Create(CultureInfo.InvariantCulture, $"template.templateFrom[{i}]"), resources)) yield return entry;
        }

        foreach (var entry in OfMap(template.Data, "template.data", RenderedPart.Data)) yield return entry;
        foreach (var entry in OfMap(template.Metadata?.Labels, "template.metadata.labels", RenderedPart.Labels)) yield return entry;
        foreach (var entry in OfMap(template.Metadata?.Annotations, "template.metadata.annotations", RenderedPart.Annotations)) yield return entry;
    }

    // Sorted, so that of several failures it is always the same that is told.
    private static IEnumerable<TargetEntry> OfMap(SortedDictionary<string, string>? templates, string place, RenderedPart part) =>
        (templates ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new TargetEntry($"{place} {GoQuote.Quote(entry.Key)}", entry.Key, entry.Value, part) { Target = part.ToString() });

    private static IEnumerable<TargetEntry> OfSource(TemplateFrom from, string place, IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources)
    {
        // Refusal() has looked at it before.
        var part = TemplateRules.PartOf(from) ?? RenderedPart.Data;
        foreach (var entry in OfReference(from.ConfigMap, TemplateResourceKind.ConfigMap)) yield return entry;
        foreach (var entry in OfReference(from.Secret, TemplateResourceKind.Secret)) yield return entry;
        if (from.Literal is not null) yield return new TargetEntry($"{place}.literal", null, from.Literal, part) { DecodingStrategy = from.ValuesDecodingStrategy ?? "", Target = from.EffectiveTarget };

        IEnumerable<TargetEntry> OfReference(TemplateSource? reference, TemplateResourceKind kind)
        {
            if (reference is null) yield break;
            var resource = new TemplateResource(kind, reference.Name);
            var where = $"{place}.{(kind == TemplateResourceKind.ConfigMap ? "configMap" : "secret")} {GoQuote.Quote(reference.Name)}";
            if (!resources.TryGetValue(resource, out var texts)) throw new TargetTemplateException(TargetTemplateFault.ResourceMissing, where, "not found");
            foreach (var item in reference.Items ?? [])
            {
                if (!texts.TryGetValue(item.Key, out var text)) throw new TargetTemplateException(TargetTemplateFault.ResourceMissing, where, $"missing key {item.Key}");
                yield return new TargetEntry($"{where} key {GoQuote.Quote(item.Key)}", KeyOf(item, where), Encoding.UTF8.GetString(text), part)
                {
                    IsSecret = kind == TemplateResourceKind.Secret,
                    DecodingStrategy = from.ValuesDecodingStrategy ?? "",
                    Target = from.EffectiveTarget,
                };
            }
        }
    }

    private static string? KeyOf(TemplateItem item, string where) => item.EffectiveTemplateAs switch
    {
        TemplateItem.Values => item.Key,
        TemplateItem.KeysAndValues => null,
        _ => throw new TargetTemplateException(TargetTemplateFault.Refused, where, $"templateAs {GoQuote.Quote(item.EffectiveTemplateAs)} is not known: expected Values or KeysAndValues"),
    };
}
