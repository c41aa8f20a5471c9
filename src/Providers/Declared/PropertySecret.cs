using System.Security.Cryptography;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>An answer in which the store itself looked the property up: it is the value, whatever property is named.</summary>
/// <param name="whole">Taken over.</param>
internal sealed class PropertySecret(string key, byte[] whole) : RemoteSecret
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
        return JsonObjectText.Read(whole) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"unable to unmarshal secret {key}: it is not a JSON object");
    }

    public override string ToString() => $"{key}: {whole.Length} bytes";

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(whole);
}
