using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Private keys from files: PEM, a backup as <c>seal keys backup</c> writes it, or key Secrets as they are backed up from a cluster (one, several, or a List).</summary>
internal static class PrivateKeyFiles
{
    private const string KeyItem = "tls.key";
    private const string CertificateItem = "tls.crt";

    /// <param name="paths">The files.</param>
    /// <param name="passphraseFile">Its first line opens encrypted keys; <c>null</c> to ask, if there are any.</param>
    /// <param name="inputIsTaken">Whether standard input is something else, so that nobody can be asked.</param>
    /// <exception cref="CommandException">A file that cannot be read or holds no RSA key. Names the file.</exception>
    public static KeyRing Load(IReadOnlyList<string> paths, string? passphraseFile, bool inputIsTaken)
    {
        var ring = KeyRing.Empty;
        char[]? passphrase = null;
        try
        {
            foreach (var path in paths)
            {
                var bytes = InputFile.Read(path);
                var text = Encoding.UTF8.GetString(bytes);
                if (KeyBackup.IsEncrypted(text))
                {
                    if (passphraseFile is null && inputIsTaken) throw new CommandException($"{path} is encrypted, and standard input is taken: put the passphrase into a file and name that with --passphrase-file");
                    passphrase ??= Passphrase.Read(passphraseFile, choose: false);
                    ring = AllOf(text, passphrase, path).Aggregate(ring, (keys, key) => keys.With(key));
                    continue;
                }
                ring = KeyBackup.IsPem(text)
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
        finally
        {
            Array.Clear(passphrase ?? []);
        }
    }

    /// <summary>Those that can be had: one that was damaged keeps none of the others away, and is named.</summary>
    private static List<SealingKey> AllOf(string text, ReadOnlySpan<char> passphrase, string path)
    {
        var (keys, problems) = (new List<SealingKey>(), new List<string>());
        var (entries, said) = BackupEntry.ReadAll(text);
        foreach (var entry in entries)
        {
            try
            {
                if (KeyOf(entry, passphrase, path) is { } key) keys.Add(key);
            }
            catch (CommandException failure)
            {
                problems.Add(failure.Message);
            }
        }
        if (keys.Count == 0) throw new CommandException(problems.FirstOrDefault() ?? $"{path} holds no private key");
        if (KeyBackup.MissingOf(entries, said) is { } missing) problems.Add($"{path}: {missing}");
        foreach (var problem in problems) Talk.Warn($"{problem}; it is left out");
        return keys;
    }

    private static SealingKey? KeyOf(BackupEntry entry, ReadOnlySpan<char> passphrase, string path)
    {
        var what = entry.Name is { } name ? $"{path}: {name}" : path;
        // Certificates may stand between keys.
        if (entry.Key is not { } found) return entry.Name is null ? null : throw new CommandException($"{what}: its private key is missing");
        if (found.Pem is not { } block) throw new CommandException($"{what}: a private key is damaged or cut short");
        var pem = found.Label == BackupEntry.EncryptedKey ? KeyBackup.Decrypt(block, passphrase, what) : Encoding.ASCII.GetBytes(block);
        try
        {
            return new SealingKey(LoadKey(Encoding.ASCII.GetString(pem), what), DateTimeOffset.MinValue);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

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
