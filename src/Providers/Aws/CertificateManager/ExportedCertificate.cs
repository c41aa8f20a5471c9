using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>A certificate as it was exported: the key is under a passphrase that only this knows.</summary>
internal sealed class ExportedCertificate(byte[] certificates, byte[] key, byte[] passphrase) : IDisposable
{
    /// <summary>Without the characters that AWS does not take, such as # and $.</summary>
    private static ReadOnlySpan<byte> PassphraseCharacters => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8;

    public static byte[] NewPassphrase() => RandomNumberGenerator.GetItems(PassphraseCharacters, 32);

    /// <param name="passphrase">Taken over.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: this is no answer of Certificate Manager.</exception>
    public static ExportedCertificate Of(JsonElement answer, byte[] passphrase)
    {
        if (JsonMembers.Member(answer, "PrivateKey") is not { ValueKind: JsonValueKind.String } key || JsonMembers.Member(answer, "Certificate") is not { ValueKind: JsonValueKind.String } leaf)
            throw CertificateClient.Strange("ExportCertificate");
        var chain = JsonMembers.Member(answer, "CertificateChain") is { ValueKind: JsonValueKind.String } above ? AwsAnswer.Bytes(above) : [];
        return new([.. Line(AwsAnswer.Bytes(leaf)), .. Line(chain)], AwsAnswer.Bytes(key), passphrase);
    }

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the key does not open.</exception>
    /// <returns>The caller's to dispose.</returns>
    public CertificateSecret Open(string name)
    {
        var opened = EncryptedKey.Open(key, passphrase) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"the private key of certificate {name}, as AWS/CertificateManager exported it, is not one that opens with its passphrase");
        return new CertificateSecret(name, (byte[])certificates.Clone(), opened);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(passphrase);
    }

    public override string ToString() => "an exported certificate";

    /// <summary>One line end at the end; nothing stays nothing.</summary>
    private static byte[] Line(ReadOnlySpan<byte> text)
    {
        var trimmed = text.TrimEnd("\r\n"u8);
        return trimmed.Length == 0 ? [] : [.. trimmed, (byte)'\n'];
    }
}
