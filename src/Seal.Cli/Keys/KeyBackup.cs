using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>
/// A backup of sealing keys as text: for each key a few named lines, the private key as encrypted PKCS#8, its certificate.
/// <code>
/// # keys: 2                                  how many follow, so that a file that was cut short is noticed
/// # name: sealed-secrets-keyq7x2p
/// # state: active
/// -----BEGIN ENCRYPTED PRIVATE KEY-----      PBES2: PBKDF2 with HMAC-SHA-256, 600,000 rounds, then AES-256-CBC
/// -----BEGIN CERTIFICATE-----
/// </code>
/// A standard form on purpose: in a disaster, <c>openssl pkcs8 -in FILE</c> reads it where this program cannot be had. CBC does not
/// authenticate; a changed key is noticed because it no longer fits its certificate, which is checked at restoring.
/// </summary>
internal static class KeyBackup
{
    public const string Question = "is it a backup made by seal keys backup, or key Secrets as kubectl get -o yaml prints them?";

    private const string PemStart = "-----BEGIN";
    private const int Rounds = 600_000;
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Rounds);

    /// <summary>Whether it is PEM and no manifest: in that a key is indented, here its first line starts at the margin.</summary>
    public static bool IsPem(string text) => text.StartsWith(PemStart, StringComparison.Ordinal) || text.Contains("\n" + PemStart, StringComparison.Ordinal);

    /// <summary>Whether it is PEM that a passphrase opens.</summary>
    public static bool IsEncrypted(string text) => IsPem(text) && text.Contains($"{PemStart} {BackupEntry.EncryptedKey}-----", StringComparison.Ordinal);

    /// <param name="keys">Sound ones.</param>
    /// <param name="passphrase">Encrypts them.</param>
    /// <exception cref="CommandException">A private key that cannot be read after all.</exception>
    public static string Write(IReadOnlyList<ClusterKey> keys, ReadOnlySpan<char> passphrase)
    {
        var text = new StringBuilder("# Sealing keys, encrypted with a passphrase. Bring them back with: seal keys restore FILE\n")
            .Append(CultureInfo.InvariantCulture, $"{BackupEntry.CountLine}{keys.Count}\n");
        foreach (var key in keys)
        {
            using var rsa = RSA.Create();
            try
            {
                rsa.ImportFromPem(key.PrivateKeyPem());
            }
            catch (Exception failure) when (failure is CryptographicException or ArgumentException)
            {
                throw new CommandException($"{key}: {ClusterKey.KeyItem} is no RSA private key; relabel or delete it, then back up again", failure);
            }
            text.Append('\n').Append(BackupEntry.NameLine).Append(key.Name).Append('\n').Append(BackupEntry.StateLine).Append(key.Label).Append('\n');
            text.Append(rsa.ExportEncryptedPkcs8PrivateKeyPem(passphrase, Encryption)).Append('\n');
            text.Append(key.Certificate!.Pem);
        }
        return text.ToString();
    }

    /// <summary>The keys of a backup by their names, and the fingerprints of their certificates; for that it need not be opened.</summary>
    public static IReadOnlyList<(string? Name, string? Fingerprint)> List(string text) =>
        [.. BackupEntry.ReadAll(text).Entries.Select(entry => (entry.Name, SealingCertificate.TryLoad(entry.FirstCertificate?.Pem ?? "", out var certificate, out _) ? certificate.Fingerprint : null))];

    /// <summary>
    /// Every key that can be had, and of each other one why not: damaged, cut off, encrypted with another passphrase, or not that of its certificate.
    /// </summary>
    /// <exception cref="CommandException">Not such a backup.</exception>
    public static (IReadOnlyList<RestoredKey> Keys, IReadOnlyList<string> Problems) Read(string text, ReadOnlySpan<char> passphrase, string source)
    {
        var (entries, said) = BackupEntry.ReadAll(text);
        var keys = new List<RestoredKey>();
        var problems = new List<string>();
        foreach (var entry in entries)
        {
            try
            {
                keys.Add(Open(entry, passphrase, source));
            }
            catch (CommandException failure)
            {
                problems.Add(failure.Message);
            }
        }
        if (MissingOf(entries, said) is { } missing) problems.Add($"{source}: {missing}");
        return keys.Count + problems.Count > 0 ? (keys, problems) : throw new CommandException($"{source} holds no keys; {Question}");
    }

    /// <summary>What tells that keys at the end of a file are gone, blocks and names and all; <c>null</c> for nothing.</summary>
    public static string? MissingOf(IReadOnlyCollection<BackupEntry> entries, int said) =>
        entries.Count < said ? string.Create(CultureInfo.InvariantCulture, $"it held {said} keys, and {entries.Count} are left: it was cut short") : null;

    /// <summary>An encrypted key as sealing keys are kept: PKCS#1 in PEM, for the caller to zero.</summary>
    /// <param name="keyPem">Encrypted PKCS#8 in PEM.</param>
    /// <param name="passphrase">Opens it.</param>
    /// <param name="what">Names it in the error.</param>
    /// <exception cref="CommandException">Another passphrase, or no RSA key.</exception>
    public static byte[] Decrypt(ReadOnlySpan<char> keyPem, ReadOnlySpan<char> passphrase, string what)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromEncryptedPem(keyPem, passphrase);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new CommandException($"{what} does not open with this passphrase, or it is damaged", failure);
        }
        var pkcs1 = rsa.ExportRSAPrivateKey();
        try
        {
            return PemEncoding.WriteUtf8("RSA PRIVATE KEY"u8, pkcs1);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs1);
        }
    }

    private static RestoredKey Open(BackupEntry entry, ReadOnlySpan<char> passphrase, string source)
    {
        if (entry.Key is null && entry.Name is null && entry.Blocks is [var (label, _), ..]) throw new CommandException($"{source}: {Unexpected(label)}");
        if (entry.Key is { Label: not BackupEntry.EncryptedKey and var plain }) throw new CommandException($"{source}: {Unexpected(plain)}");
        if (entry is not { Name: { } name, State: { } state }) throw new CommandException($"{source}: the lines \"{BackupEntry.NameLine}…\" and \"{BackupEntry.StateLine}…\" are missing before a key");
        if (entry.Key is not { } encrypted) throw new CommandException($"{source}: the private key of {name} is missing; the file was changed or cut short");
        if (encrypted.Pem is not { } keyPem) throw new CommandException($"{source}: the private key of {name} is damaged or cut short");
        if (entry.FirstCertificate is not { } found) throw new CommandException($"{source}: the certificate of {name} is missing");
        if (found.Pem is not { } certificatePem) throw new CommandException($"{source}: the certificate of {name} is damaged or cut short");
        var pem = Decrypt(keyPem, passphrase, $"{source}: {name}");
        if (!SealingCertificate.TryLoad(certificatePem, out var certificate, out var failure)) throw new CommandException($"{source}: {name}: {failure.Message}");
        if (!SealingPrivateKey.TryLoad(Encoding.ASCII.GetString(pem), out var key, out failure)) throw new CommandException($"{source}: {name}: {failure.Message}");
        using (key)
        {
            if (key.Fingerprint != certificate.Fingerprint) throw new CommandException($"{source}: the key of {name} does not belong to its certificate: the file was changed, or the Secret that was saved was so");
        }
        return new RestoredKey(name, state, pem, certificatePem + "\n", certificate);
    }

    private static string Unexpected(string label) =>
        $"{label} where an {BackupEntry.EncryptedKey} is expected; {Question} Of a key and its certificate in PEM, kubectl create secret tls and the label {SealedSecretAnnotations.SealingKeyLabel}=active make a sealing key";
}
