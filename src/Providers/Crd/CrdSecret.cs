using System.Security.Cryptography;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>An object. What is no object in it is a map of one key, <c>value</c>, as in the original.</summary>
/// <param name="key">The remote key, for messages.</param>
/// <param name="body">Taken over.</param>
internal sealed class CrdSecret(string key, byte[] body) : RemoteSecret
{
    private readonly JsonSecret json = new(key, body, PropertyOrder.Path);

    public override long Size => body.Length;

    public override byte[]? Value(string? property) => json.Value(property);

    public override SecretValues? Values(string? property)
    {
        if (json.Value(property) is not { } text) return null;
        if (JsonObjectText.Read(text) is { } members)
        {
            CryptographicOperations.ZeroMemory(text);
            return members;
        }

        var single = new SecretValues();
        single.Set("value", text);
        return single;
    }

    public override string ToString() => json.ToString();

    protected override void Dispose(bool disposing) => json.Dispose();
}
