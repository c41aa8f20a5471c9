using System.Text.Json.Nodes;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>What fetched values and a template make of an object that is no Secret. It holds them as text, which nobody can zero; nor does anybody in the object.</summary>
public sealed class RenderedManifest
{
    private readonly List<ManifestField> fields = [];

    public SortedDictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Annotations { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Finalizers { get; internal init; } = [];

    /// <summary>Writes all of it but labels, annotations and finalizers into the object, in the order of the template.</summary>
    /// <exception cref="TargetTemplateException">Something is in the way.</exception>
    public void ApplyTo(JsonObject manifest)
    {
        foreach (var field in fields)
        {
            if (field.Path.Set(manifest, field.Value, field.Merges) is { } problem) throw new TargetTemplateException(TargetTemplateFault.ResultUnusable, field.Place, $"cannot write to {field.Path}: {problem}");
        }
    }

    /// <summary>Counts only, so that no value can reach a log.</summary>
    public override string ToString() => $"{fields.Count} fields, {Labels.Count} labels, {Annotations.Count} annotations";

    internal void Add(ManifestField field) => fields.Add(field);
}
