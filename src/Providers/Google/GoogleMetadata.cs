using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>What is said about a secret: its labels and annotations. A property is <c>labels</c>, <c>annotations</c>, or one of them with a dot and a name, dots and all.</summary>
internal sealed class GoogleMetadata(string key, SortedDictionary<string, string> labels, SortedDictionary<string, string> annotations) : RemoteSecret
{
    private const string Labels = "labels";
    private const string Annotations = "annotations";

    public override long Size => labels.Concat(annotations).Sum(pair => pair.Key.Length + pair.Value.Length);

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        if (string.IsNullOrEmpty(property)) return GoogleJson.Bytes(new JsonObject { [Annotations] = Object(annotations), [Labels] = Object(labels) });
        if (property == Labels) return GoogleJson.Bytes(Object(labels));
        if (property == Annotations) return GoogleJson.Bytes(Object(annotations));
        return Named(property, Annotations, "annotation", annotations) ?? Named(property, Labels, "label", labels)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, $"invalid property {property}: metadata property should start with either {Annotations} or {Labels}");
    }

    public override SecretValues? Values(string? property) =>
        JsonObjectText.Read(Value(property)) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"{property} of secret {key} is no map");

    public override string ToString() => $"{key}: {labels.Count} labels, {annotations.Count} annotations";

    protected override void Dispose(bool disposing)
    {
        labels.Clear();
        annotations.Clear();
    }

    private static JsonObject Object(SortedDictionary<string, string> map)
    {
        var json = new JsonObject();
        foreach (var (name, value) in map) json[name] = value;
        return json;
    }

    private byte[]? Named(string property, string prefix, string what, SortedDictionary<string, string> map)
    {
        if (!property.StartsWith(prefix + ".", StringComparison.Ordinal)) return null;
        var name = property[(prefix.Length + 1)..];
        return map.TryGetValue(name, out var value)
            ? Encoding.UTF8.GetBytes(value)
            : throw new ProviderException(ProviderFailureKind.Invalid, $"{what} with key {name} does not exist in secret {key}");
    }
}
