using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>The payload of a version. A property is looked up in it only when it is JSON.</summary>
internal sealed class GoogleSecret(string key, byte[] payload) : RemoteSecret
{
    private readonly JsonSecret json = new(key, payload, PropertyOrder.DottedNameFirst);

    public override long Size => json.Size;

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        if (!string.IsNullOrEmpty(property) && !IsJson()) throw new ProviderException(ProviderFailureKind.Invalid, $"secret {key} is not JSON, so that there is no property {property} in it");
        return json.Value(property);
    }

    public override SecretValues? Values(string? property)
    {
        if (Value(property) is { } text) CryptographicOperations.ZeroMemory(text);
        return json.Values(property);
    }

    public override string ToString() => json.ToString();

    protected override void Dispose(bool disposing) => json.Dispose();

    private bool IsJson()
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 512 });
        try
        {
            while (reader.Read())
            {
                // To the end.
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
