using System.Security.Cryptography;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>The Secrets of one SopsSecret in clear. Dispose of it: that overwrites them.</summary>
internal sealed record OpenedSopsSecret(IReadOnlyList<DeclaredSecret> Secrets, MacVerdict Mac) : IDisposable
{
    public void Dispose()
    {
        foreach (var bytes in Secrets.SelectMany(declared => declared.Secret.Data?.Values ?? Enumerable.Empty<byte[]?>()))
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public override string ToString() => $"{Secrets.Count} Secrets";
}
