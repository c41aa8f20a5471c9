using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>
/// Puts what was rendered where the template says: <c>Data</c>, <c>Labels</c>, <c>Annotations</c> and <c>Spec</c>, in any case, or a path. To a path goes YAML: of a
/// single value in place of what is there, of a map of keys and values into the map that is there, unless that is a field of the object itself.
/// </summary>
internal sealed class ManifestAssembly(bool isConfigMap, IReadOnlyList<string> finalizers)
{
    private const string Data = "data";
    private const string BinaryData = "binaryData";
    private const string Spec = "spec";
    // Anchors multiply: what renders to a little must not become a lot.
    private static readonly YamlLimits Limits = new(4 * 1024 * 1024, 64, 100_000);

    private const string NoText = "what it rendered is no UTF-8 text, which is all that this kind can hold";
    private const string NoYaml = "what it rendered is no YAML; values in it want quoting, as {{ .password | quote }} (the reason is withheld, as it may quote a value)";
    private static readonly string[] Reserved = ["apiVersion", "kind", "metadata", "status"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public RenderedManifest Manifest { get; } = new() { Finalizers = finalizers };

    /// <summary>Why nothing can be written there; null when it can.</summary>
    public static string? Refusal(string target)
    {
        if (IsPart(target)) return null;
        if (ManifestPath.TryParse(target, out var problem) is not { } path) return problem;
        return Reserved.Contains(path.Top, StringComparer.Ordinal) ? $"{path.Top} is not for templates; labels and annotations have the targets Labels and Annotations" : null;
    }

    /// <summary>Fetched values, where they go without a template.</summary>
    public void Keep(IReadOnlyDictionary<string, byte[]> values)
    {
        foreach (var (key, value) in values.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (isConfigMap) PutData($"the value of {key}", key, value);
            else Add($"the value of {key}", ManifestPath.Of(Spec, Data, key), Text(value));
        }
    }

    /// <summary>One rendered entry.</summary>
    /// <exception cref="TemplateResultException">It is not what goes there.</exception>
    public void Put(TargetEntry entry, byte[] output)
    {
        var part = PartOf(entry.Target);
        if (entry.Key is not null) PutValue(entry, part, entry.Key, RenderedValue.Decode(entry.DecodingStrategy, entry.Key, output));
        else if (part is Data or "labels" or "annotations")
        {
            foreach (var (key, value) in KeysAndValuesText.Parse(output)) PutValue(entry, part, key, RenderedValue.Decode(entry.DecodingStrategy, key, value));
        }
        else
        {
            var path = part == Spec ? ManifestPath.Of(Spec) : PathOf(entry.Target);
            if (!TryYaml(Text(output), out var value)) throw new TemplateResultException(NoYaml);
            Manifest.Add(new ManifestField(entry.Place, path, Decoded(entry.DecodingStrategy, value), Merges: !path.IsTop));
        }
    }

    private void PutValue(TargetEntry entry, string? part, string key, byte[] value)
    {
        switch (part)
        {
            case "labels": Manifest.Labels[key] = Text(value); break;
            case "annotations": Manifest.Annotations[key] = Text(value); break;
            case Data: PutData(entry.Place, key, value); break;
            case Spec: Add(entry.Place, ManifestPath.Of(Spec, key), Text(value)); break;
            default:
                var text = Text(value);
                Manifest.Add(new ManifestField(entry.Place, PathOf(entry.Target), TryYaml(text, out var parsed) ? parsed : JsonValue.Create(text), Merges: false));
                break;
        }
    }

    /// <summary>A ConfigMap has a place for what is no text.</summary>
    private void PutData(string place, string key, byte[] value)
    {
        if (isConfigMap && !IsText(value)) Add(place, ManifestPath.Of(BinaryData, key), Convert.ToBase64String(value));
        else Add(place, ManifestPath.Of(Data, key), Text(value));
    }

    private void Add(string place, ManifestPath path, string value) => Manifest.Add(new ManifestField(place, path, JsonValue.Create(value), Merges: false));

    /// <summary>Of a map, its texts are the values.</summary>
    private static JsonNode? Decoded(string strategy, JsonNode? value)
    {
        if (strategy is "" or "None") return value;
        if (value is JsonObject map)
        {
            foreach (var (key, item) in map.ToList()) if (item is JsonValue) map[key] = Decoded(strategy, item.DeepClone());
            return map;
        }
        return value is JsonValue text && text.TryGetValue<string>(out var encoded) ? JsonValue.Create(Text(RenderedValue.Decode(strategy, "", Encoding.UTF8.GetBytes(encoded)))) : value;
    }

    private static bool TryYaml(string text, out JsonNode? value)
    {
        value = null;
        try
        {
            value = YamlReader.Read(text, Limits);
            return true;
        }
        catch (YamlFormatException)
        {
            return false;
        }
    }

    private static string Text(byte[] value)
    {
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            throw new TemplateResultException(NoText);
        }
    }

    private static bool IsText(byte[] value) => System.Text.Unicode.Utf8.IsValid(value);

    private static bool IsPart(string target) => PartOf(target) is not null;

    private static string? PartOf(string target) =>
        Array.Find([Data, Spec, "labels", "annotations"], part => string.Equals(part, target, StringComparison.OrdinalIgnoreCase));

    // Refusal() has looked at it before.
    private static ManifestPath PathOf(string target) => ManifestPath.TryParse(target, out var problem) ?? throw new TemplateResultException(problem);
}
