using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>
/// A backup of sealing keys as text: for each key a few named lines, the private key as encrypted PKCS#8, its certificate.
/// <code>
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
    private const int Rounds = 600_000;
    private const string NameLine = "# name: ";
    private const string StateLine = "# state: ";
    private const string EncryptedKey = "ENCRYPTED PRIVATE KEY";
    private const string Certificate = "CERTIFICATE";

    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Rounds);

    /// <param name="keys">Sound ones.</param>
    /// <param name="passphrase">Encrypts them.</param>
    /// <exception cref="CommandException">A private key that cannot be read after all.</exception>
    public static string Write(IReadOnlyList<ClusterKey> keys, ReadOnlySpan<char> passphrase)
    {
        var text = new StringBuilder("# Sealing keys, encrypted with a passphrase. Bring them back with: seal keys restore FILE\n");
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
            text.Append('\n').Append(NameLine).Append(key.Name).Append('\n').Append(StateLine).Append(key.State).Append('\n');
            text.Append(rsa.ExportEncryptedPkcs8PrivateKeyPem(passphrase, Encryption)).Append('\n');
            text.Append(key.Certificate!.Pem);
        }
        return text.ToString();
    }

    /// <summary>The keys of a backup by their names, and the fingerprints of their certificates; for that it need not be opened.</summary>
    public static IReadOnlyList<(string? Name, string? Fingerprint)> List(string text)
    {
        var keys = new List<(string?, string?)>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var field))
        {
            if (rest[field.Label].SequenceEqual(EncryptedKey))
            {
                var name = Line(rest[..field.Location.Start.Value], NameLine);
                rest = rest[field.Location.End..];
                var pem = PemEncoding.TryFind(rest, out var next) && rest[next.Label].SequenceEqual(Certificate) ? rest[next.Location].ToString() : "";
                keys.Add((name, SealingCertificate.TryLoad(pem, out var certificate, out _) ? certificate.Fingerprint : null));
                continue;
            }
            rest = rest[field.Location.End..];
        }
        return keys;
    }

    /// <summary>Every key that can be had, and of each other one why not: another passphrase, or it does not fit its certificate.</summary>
    /// <exception cref="CommandException">Not such a backup.</exception>
    public static (IReadOnlyList<RestoredKey> Keys, IReadOnlyList<string> Problems) Read(string text, ReadOnlySpan<char> passphrase, string source)
    {
        var keys = new List<RestoredKey>();
        var problems = new List<string>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var field))
        {
            if (keys.Count + problems.Count > 0 && rest[field.Label].SequenceEqual(Certificate))
            {
                rest = rest[field.Location.End..]; // the rest of a chain, which older versions wrote too
                continue;
            }
            if (!rest[field.Label].SequenceEqual(EncryptedKey)) throw new CommandException($"{source}: {rest[field.Label]} where an {EncryptedKey} is expected; is it a backup made by seal keys backup?");
            var (name, state) = (Line(rest[..field.Location.Start.Value], NameLine), Line(rest[..field.Location.Start.Value], StateLine));
            var keyPem = rest[field.Location];
            rest = rest[field.Location.End..];
            if (name is null || state is null)
            {
                problems.Add($"{source}: the lines \"{NameLine}…\" and \"{StateLine}…\" are missing before a key");
                continue;
            }
            if (!PemEncoding.TryFind(rest, out var next) || !rest[next.Label].SequenceEqual(Certificate))
            {
                problems.Add($"{source}: the certificate of {name} is missing");
                continue;
            }
            var certificatePem = rest[next.Location].ToString() + "\n";
            rest = rest[next.Location.End..];
            try
            {
                keys.Add(Open(name, state, keyPem, certificatePem, passphrase, source));
            }
            catch (CommandException failure)
            {
                problems.Add(failure.Message);
            }
        }
        return keys.Count + problems.Count > 0 ? (keys, problems) : throw new CommandException($"{source} holds no keys; is it a backup made by seal keys backup?");
    }

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
        catch (CryptographicException failure)
        {
            throw new CommandException($"{what} does not open with this passphrase", failure);
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

    private static RestoredKey Open(string name, string state, ReadOnlySpan<char> keyPem, string certificatePem, ReadOnlySpan<char> passphrase, string source)
    {
        var pem = Decrypt(keyPem, passphrase, $"{source}: {name}");
        if (!SealingCertificate.TryLoad(certificatePem, out var certificate, out var failure)) throw new CommandException($"{source}: {name}: {failure.Message}");
        if (!SealingPrivateKey.TryLoad(Encoding.ASCII.GetString(pem), out var key, out failure)) throw new CommandException($"{source}: {name}: {failure.Message}");
        using (key)
        {
            if (key.Fingerprint != certificate.Fingerprint) throw new CommandException($"{source}: the key of {name} does not belong to its certificate: the file was changed, or the Secret that was saved was so");
        }
        return new RestoredKey(name, state, pem, certificatePem, certificate);
    }

    private static string? Line(ReadOnlySpan<char> text, string start)
    {
        var at = text.LastIndexOf(start);
        if (at < 0) return null;
        var line = text[(at + start.Length)..];
        var end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end]).Trim().ToString();
    }
}
