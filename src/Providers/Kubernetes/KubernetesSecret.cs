using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>
/// The data of a Secret, or its labels and annotations. A property is the exact key first, which may have dots; else what stands before a dot is
/// the key, and what stands after it a path into its value.
/// </summary>
/// <param name="key">For messages.</param>
/// <param name="data">Taken over.</param>
/// <param name="parts">Where keys are looked up by the first name of a property: labels and annotations; null for data, whose keys stand alone.</param>
internal sealed class KubernetesSecret(string key, SecretValues data, IReadOnlyDictionary<string, SecretValues>? parts) : RemoteSecret
{
    public override long Size => data.Entries.Sum(entry => (long)entry.Key.Length + entry.Value.Length);

    public static KubernetesSecret OfData(string key, Secret secret)
    {
        var data = new SecretValues();
        foreach (var (name, value) in secret.Data ?? []) data.Set(name, value ?? []);
        return new(key, data, null);
    }

    public static KubernetesSecret OfMetadata(string key, Secret secret)
    {
        var parts = new Dictionary<string, SecretValues>(StringComparer.Ordinal) { ["labels"] = Texts(secret.Metadata.Labels), ["annotations"] = Texts(secret.Metadata.Annotations) };
        var data = new SecretValues();
        foreach (var (name, values) in parts) data.Set(name, Json(values));
        return new(key, data, parts);
    }

    /// <summary>An object of strings.</summary>
    public static byte[] Json(SecretValues values)
    {
        using var text = new SecretBuffer();
        JsonObjectText.Write(values.Entries.Select(entry => KeyValuePair.Create(entry.Key, (ReadOnlyMemory<byte>)entry.Value)), text);
        return text.ToArray();
    }

    public override byte[] Value(string? property)
    {
        ThrowIfDisposed();
        if (string.IsNullOrEmpty(property)) return parts is null ? Json(data) : WholeMetadata();
        return Find(property) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"property {property} does not exist in {(parts is null ? "data" : "metadata")} of secret \"{key}\"");
    }

    public override SecretValues Values(string? property)
    {
        ThrowIfDisposed();
        if (string.IsNullOrEmpty(property))
        {
            var all = new SecretValues();
            foreach (var (name, value) in data.Entries) all.Set(name, [.. value]);
            return all;
        }

        var text = Value(property);
        try
        {
            return JsonObjectText.Read(text) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"property {property} of secret \"{key}\" is not a JSON object");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public override string ToString() => $"{key}: {Size} bytes";

    protected override void Dispose(bool disposing)
    {
        data.Dispose();
        foreach (var part in parts?.Values ?? []) part.Dispose();
    }

    private static SecretValues Texts(SortedDictionary<string, string>? texts)
    {
        var values = new SecretValues();
        foreach (var (name, text) in texts ?? []) values.Set(name, Encoding.UTF8.GetBytes(text));
        return values;
    }

    private byte[] WholeMetadata() => [.. "{"u8, .. "\"annotations\":"u8, .. data.Find("annotations")!, .. ",\"labels\":"u8, .. data.Find("labels")!, .. "}"u8];

    private byte[]? Find(string property)
    {
        if (parts is null) return FindIn(data, property);
        if (data.Find(property) is { } whole) return [.. whole];
        return property.Split('.', 2) is [var part, var rest] && parts.TryGetValue(part, out var values) ? FindIn(values, rest) : null;
    }

    private static byte[]? FindIn(SecretValues values, string property)
    {
        if (values.Find(property) is { } exact) return [.. exact];
        // The original tries the first dot only, so that a path into a key with dots (app.kubernetes.io/name, config.json) leads nowhere.
        for (var dot = property.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = property.IndexOf('.', dot + 1))
        {
            if (values.Find(property[..dot]) is not { } value || dot == property.Length - 1) continue;
            using var run = new GjsonRun();
            if (Gjson.Find(value, property[(dot + 1)..], run) is { Exists: true } found) return found.ToText();
        }

        return null;
    }
}
