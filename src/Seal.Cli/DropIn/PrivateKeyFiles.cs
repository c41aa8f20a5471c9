using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Private keys from files: PEM, or key Secrets as they are backed up from a cluster (one, several, or a List).</summary>
internal static class PrivateKeyFiles
{
    private const string KeyItem = "tls.key";
    private const string CertificateItem = "tls.crt";
    private const string PemStart = "-----BEGIN";

    /// <exception cref="CommandException">A file that cannot be read or holds no RSA key. Names the file.</exception>
    public static KeyRing Load(IReadOnlyList<string> paths)
    {
        var ring = KeyRing.Empty;
        try
        {
            foreach (var path in paths)
            {
                var bytes = InputFile.Read(path);
                var text = Encoding.UTF8.GetString(bytes);
                ring = IsPem(text)
                    ? ring.With(new SealingKey(LoadKey(text, path), DateTimeOffset.MinValue))
                    : Manifest.Read(bytes, path).Objects.Aggregate(ring, (keys, source) => keys.With(FromSecret(source)));
            }
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    // In a manifest the key is indented; in a PEM file its first line starts at the margin.
    private static bool IsPem(string text) =>
        text.StartsWith(PemStart, StringComparison.Ordinal) || text.Contains("\n" + PemStart, StringComparison.Ordinal);

    private static SealingKey FromSecret(ManifestObject source)
    {
        var secret = ObjectDecoder.Secret(source, yaml: true);
        var pem = Item(secret, KeyItem) ?? throw new CommandException($"secret must contain a '{KeyItem}' item: {source} has none");
        var privateKey = LoadKey(pem, source.ToString());
        if (Item(secret, CertificateItem) is { } certificatePem && SealingCertificate.TryLoad(certificatePem, out var certificate, out _)
            && SealingKey.TryCreate(privateKey, certificate, null, out var key, out _))
        {
            return key;
        }
        return new SealingKey(privateKey, DateTimeOffset.MinValue);
    }

    private static string? Item(Secret secret, string name)
    {
        if (secret.StringData?.TryGetValue(name, out var text) == true) return text;
        return secret.Data?.TryGetValue(name, out var bytes) == true && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static SealingPrivateKey LoadKey(string pem, string source) =>
        SealingPrivateKey.TryLoad(pem, out var key, out var failure) ? key : throw new CommandException($"{source}: {failure.Message}");
}
