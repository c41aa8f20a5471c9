using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What a vault holds under a name: a secret's value in UTF-8, a certificate's DER, or the public half of a key as JSON (JWK). Its own to zero.</summary>
internal sealed record KeyVaultItem(KeyVaultFacts Facts, byte[] Value) : IDisposable
{
    public void Dispose() => CryptographicOperations.ZeroMemory(Value);

    public override string ToString() => nameof(KeyVaultItem);
}
