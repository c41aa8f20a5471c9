using System.Security.Cryptography;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>An answer in which the store itself looked the property up: it is the value, whatever property is named.</summary>
/// <param name="whole">Taken over.</param>
/// <param name="name">Under which it is the only one of its keys and values; null where those are in it, as a JSON object.</param>
internal sealed class PropertySecret(string key, byte[] whole, string? name = null) : RemoteSecret
{
    public override long Size => whole.Length;

    public override byte[] Value(string? property)
    {
        ThrowIfDisposed();
        return [.. whole];
    }

    public override SecretValues Values(string? property)
    {
        ThrowIfDisposed();
        if (name is not null)
        {
            var one = new SecretValues();
            one.Set(name, [.. whole]);
            return one;
        }

        return JsonObjectText.Read(whole) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"unable to unmarshal secret {key}: it is not a JSON object");
    }

    public override string ToString() => $"{key}: {whole.Length} bytes";

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(whole);
}
