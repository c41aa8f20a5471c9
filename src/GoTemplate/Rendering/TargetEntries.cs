using System.Globalization;
using System.Text;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>The templates of a <see cref="TargetTemplate"/> in the order in which they are rendered.</summary>
internal static class TargetEntries
{
    public static IEnumerable<TargetEntry> Of(TargetTemplate template, IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources)
    {
        for (var i = 0; i < template.From.Count; i++)
        {
            foreach (var entry in OfSource(template.From[i], string.Create(CultureInfo.InvariantCulture, $"template.templateFrom[{i}]"), resources)) yield return entry;
        }

        foreach (var entry in OfMap(template.Data, "template.data", RenderedPart.Data)) yield return entry;
        foreach (var entry in OfMap(template.Labels, "template.metadata.labels", RenderedPart.Labels)) yield return entry;
        foreach (var entry in OfMap(template.Annotations, "template.metadata.annotations", RenderedPart.Annotations)) yield return entry;
    }

    // Sorted, so that of several failures it is always the same that is told.
    private static IEnumerable<TargetEntry> OfMap(IReadOnlyDictionary<string, string> templates, string place, RenderedPart part) =>
        templates.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new TargetEntry($"{place} {GoQuote.Quote(entry.Key)}", entry.Key, entry.Value, part));

    private static IEnumerable<TargetEntry> OfSource(TemplateFrom from, string place, IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources)
    {
        // Refusal() has looked at it before.
        var part = TargetTemplate.TargetOf(from.Target) ?? RenderedPart.Data;
        foreach (var entry in OfReference(from.ConfigMap, TemplateResourceKind.ConfigMap)) yield return entry;
        foreach (var entry in OfReference(from.Secret, TemplateResourceKind.Secret)) yield return entry;
        if (from.Literal is not null) yield return new TargetEntry($"{place}.literal", null, from.Literal, part) { DecodingStrategy = from.DecodingStrategy };

        IEnumerable<TargetEntry> OfReference(TemplateReference? reference, TemplateResourceKind kind)
        {
            if (reference is null) yield break;
            var resource = new TemplateResource(kind, reference.Name);
            var where = $"{place}.{(kind == TemplateResourceKind.ConfigMap ? "configMap" : "secret")} {GoQuote.Quote(reference.Name)}";
            if (!resources.TryGetValue(resource, out var texts)) throw new TargetTemplateException(TargetTemplateFault.ResourceMissing, where, "not found");
            foreach (var item in reference.Items)
            {
                if (!texts.TryGetValue(item.Key, out var text)) throw new TargetTemplateException(TargetTemplateFault.ResourceMissing, where, $"missing key {item.Key}");
                yield return new TargetEntry($"{where} key {GoQuote.Quote(item.Key)}", KeyOf(item, where), Encoding.UTF8.GetString(text), part)
                {
                    IsSecret = kind == TemplateResourceKind.Secret,
                    DecodingStrategy = from.DecodingStrategy,
                };
            }
        }
    }

    private static string? KeyOf(TemplateItem item, string where) => item.As switch
    {
        "" or "Values" => item.Key,
        "KeysAndValues" => null,
        _ => throw new TargetTemplateException(TargetTemplateFault.Refused, where, $"templateAs {GoQuote.Quote(item.As)} is not known: expected Values or KeysAndValues"),
    };
}
