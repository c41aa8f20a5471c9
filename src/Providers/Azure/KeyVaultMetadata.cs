using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// Tags and times in place of a value (<c>metadataPolicy: Fetch</c>). A property is a tag's name first; <c>tag.path</c> looks into a tag that holds JSON.
/// </summary>
internal sealed class KeyVaultMetadata(KeyVaultName name, SortedDictionary<string, string> tags, IReadOnlyList<KeyValuePair<string, string>> times) : RemoteSecret
{
    public override long Size => tags.Sum(tag => tag.Key.Length + tag.Value.Length) + times.Sum(fact => fact.Key.Length + fact.Value.Length);

    public static KeyVaultMetadata Of(KeyVaultName name, KeyVaultFacts facts) => new(name, new SortedDictionary<string, string>(facts.Tags, StringComparer.Ordinal), [.. facts.Times]);

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        var facts = new SortedDictionary<string, string>(tags, StringComparer.Ordinal);
        foreach (var (fact, text) in times) facts[fact] = text;
        if (string.IsNullOrEmpty(property)) return Object(facts);
        if (facts.TryGetValue(property, out var value)) return Encoding.UTF8.GetBytes(value);
        if (property.Split('.', 2) is [var tag, var path] && tags.TryGetValue(tag, out var json))
        {
            using var inside = new JsonSecret($"{name.Name}, tag {tag}", Encoding.UTF8.GetBytes(json), PropertyOrder.PathFirst);
            return inside.Value(path);
        }
        throw new ProviderException(ProviderFailureKind.Invalid, $"tag {property} does not exist on {name.Name}");
    }

    /// <summary>Each under <c>NAME_TAG</c>; a tag that holds a JSON object of strings is taken apart, into <c>NAME_TAG_MEMBER</c>.</summary>
    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        if (name.Kind != KeyVaultKind.Secret) throw KeyVaultSecret.NoMap(name);
        var values = new SecretValues();
        foreach (var (key, value) in Flat().Where(pair => string.IsNullOrEmpty(property) || pair.Key == property)) values.Set($"{name.Name}_{key}", Encoding.UTF8.GetBytes(value));
        return values.Count > 0 || string.IsNullOrEmpty(property) ? values : throw new ProviderException(ProviderFailureKind.Invalid, $"tag {property} does not exist on {name.Name}");
    }

    public override string ToString() => $"{name.Name}: {tags.Count} tags";

    protected override void Dispose(bool disposing)
    {
        // Tags are no secrets.
    }

    private IEnumerable<KeyValuePair<string, string>> Flat()
    {
        foreach (var (tag, text) in tags)
        {
            if (Members(text) is not { } members) yield return new(tag, text);
            else foreach (var (member, value) in members) yield return new($"{tag}_{member}", value);
        }
        foreach (var fact in times) yield return fact;
    }

    private static List<KeyValuePair<string, string>>? Members(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.String)) return null;
            return [.. document.RootElement.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetString()!))];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Object(SortedDictionary<string, string> facts)
    {
        using var text = new SecretBuffer();
        JsonObjectText.Write(facts.Select(fact => KeyValuePair.Create(fact.Key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(fact.Value))), text);
        return text.ToArray();
    }
}
