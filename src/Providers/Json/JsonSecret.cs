using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// An answer that is text or bytes, in which properties are looked up as JSON. Numbers keep the digits that they are written with.
/// </summary>
/// <param name="key">The remote key, for messages.</param>
/// <param name="whole">Taken over.</param>
public sealed class JsonSecret(string key, byte[] whole, PropertyOrder order, MissingProperty missing = MissingProperty.Failure) : RemoteSecret
{
    public override long Size => whole.Length;

    /// <summary>An answer of keys and values, such as a set of tags, as the JSON object of them.</summary>
    public static JsonSecret OfStrings(string key, IEnumerable<KeyValuePair<string, string>> values, PropertyOrder order, MissingProperty missing = MissingProperty.Failure)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var text = new SecretBuffer();
        JsonObjectText.Write(values.Select(pair => KeyValuePair.Create(pair.Key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(pair.Value))), text);
        return new JsonSecret(key, text.ToArray(), order, missing);
    }

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        if (string.IsNullOrEmpty(property)) return (byte[])whole.Clone();
        using var run = new GjsonRun();
        var found = Find(property, run);
        if (found.Exists) return found.ToText();
        return missing == MissingProperty.MissingSecret ? null : throw new ProviderException(ProviderFailureKind.Invalid, $"key {property} does not exist in secret {key}");
    }

    public override SecretValues? Values(string? property)
    {
        if (Value(property) is not { } text) return null;
        try
        {
            return JsonObjectText.Read(text) ?? throw NoObject(property);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public override string ToString() => $"{key}: {whole.Length} bytes";

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(whole);
    }

    private ProviderException NoObject(string? property)
    {
        var what = string.IsNullOrEmpty(property) ? key : $"{key}, property {property}";
        return new ProviderException(ProviderFailureKind.Invalid, $"unable to unmarshal secret {what}: it is not a JSON object");
    }

    private JsonPiece Find(string property, GjsonRun run)
    {
        var dotted = property.Contains('.', StringComparison.Ordinal) && order is PropertyOrder.DottedNameFirst or PropertyOrder.PathFirst
            ? property.Replace(".", @"\.", StringComparison.Ordinal)
            : null;
        var found = order switch
        {
            PropertyOrder.ExactNameFirst => FindExactly(property),
            PropertyOrder.DottedNameFirst when dotted is not null => Gjson.Find(whole, dotted, run),
            _ => JsonPiece.Absent,
        };
        if (!found.Exists) found = Gjson.Find(whole, property, run);
        if (!found.Exists && order == PropertyOrder.PathFirst && dotted is not null) found = Gjson.Find(whole, dotted, run);
        return found;
    }

    private JsonPiece FindExactly(string name)
    {
        var document = JsonPiece.Parse(whole);
        if (document.Kind != JsonKind.Object) return JsonPiece.Absent;
        var written = Encoding.UTF8.GetBytes(name);
        return JsonParts.MembersOf(document.Raw).FirstOrDefault(member => member.IsNamed(written)).Value;
    }
}
