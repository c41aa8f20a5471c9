using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>
/// What a device of Keeper Secrets Manager was given when it was bound (<c>ksm init</c>): <c>{"hostname", "clientId", "privateKey", "serverPublicKeyId", "appKey", "appOwnerPublicKey"}</c>,
/// as JSON or as base64 of it. Zeroed on disposal.
/// </summary>
internal sealed class KeeperConfiguration : IDisposable
{
    private const string UsualHost = "keepersecurity.com";
    private readonly byte[] privateKey;

    private KeeperConfiguration(string host, string clientId, string serverKey, byte[] privateKey, byte[] appKey, byte[]? ownerKey) =>
        (Host, ClientId, ServerKey, this.privateKey, AppKey, OwnerKey) = (host, clientId, serverKey, privateKey, appKey, ownerKey);

    public string Host { get; }

    public string ClientId { get; }

    /// <summary>The number of the server's key.</summary>
    public string ServerKey { get; }

    /// <summary>Opens the keys of what was shared with the application.</summary>
    public byte[] AppKey { get; }

    /// <summary>The public key of the application's owner, whom new records belong to; null where the configuration is older than that.</summary>
    public byte[]? OwnerKey { get; }

    /// <param name="text">Zeroed.</param>
    /// <exception cref="ProviderException">It is no configuration, or one of a device that was not bound.</exception>
    public static KeeperConfiguration Parse(byte[] text)
    {
        var json = KeeperCipher.Decode(text.AsSpan().Trim("\r\n\t "u8)) is { Length: > 2 } decoded ? decoded : [.. text];
        var fields = JsonObjectText.Read(json);
        CryptographicOperations.ZeroMemory(text);
        CryptographicOperations.ZeroMemory(json);
        using (fields ?? throw Invalid("is neither a configuration of a device nor base64 of one; a one-time access token is none yet: redeem it with \"ksm init\""))
        {
            if (fields.Contains("clientKey") && !fields.Contains("appKey")) throw Invalid("is of a device that was not bound yet; Keeper takes its one-time access token once, and nothing here could keep what it gives: redeem it with \"ksm init\"");
            var (host, client) = (Text(fields, "hostname") ?? UsualHost, Text(fields, "clientId") ?? throw Invalid("has no clientId"));
            var owner = fields.Contains("appOwnerPublicKey") ? Bytes(fields, "appOwnerPublicKey") : null;
            var privateKey = Bytes(fields, "privateKey");
            try
            {
                return new KeeperConfiguration(host, client, Text(fields, "serverPublicKeyId") ?? KeeperServerKeys.Usual, privateKey, Bytes(fields, "appKey"), owner).Checked();
            }
            catch
            {
                CryptographicOperations.ZeroMemory(privateKey);
                throw;
            }
        }
    }

    /// <summary>Of SHA-256, in DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(privateKey);
        CryptographicOperations.ZeroMemory(AppKey);
    }

    public override string ToString() => nameof(KeeperConfiguration);

    private KeeperConfiguration Checked()
    {
        try
        {
            if (AppKey.Length != KeeperCipher.KeySize) throw Invalid("has an appKey that is no key of AES-256");
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(privateKey, out _);
            if (key.KeySize == 256) return this;
        }
        catch (CryptographicException)
        {
            // Told below, without what is wrong inside.
        }
        catch
        {
            Dispose();
            throw;
        }

        Dispose();
        throw Invalid("has a privateKey that is no PKCS#8 key of P-256");
    }

    private static string? Text(SecretValues fields, string name) => fields.Find(name) is { Length: > 0 } value ? Encoding.UTF8.GetString(value).Trim() : null;

    private static byte[] Bytes(SecretValues fields, string name) =>
        fields.Find(name) is { Length: > 0 } value ? KeeperCipher.Decode(value) ?? throw Invalid($"has a {name} that is no base64") : throw Invalid($"has no {name}");

    private static ProviderException Invalid(string what) => new(ProviderFailureKind.Invalid, $"{KeeperRules.Root}.authRef: what the Secret holds {what}");
}
