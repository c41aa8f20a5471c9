using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;

namespace GitOpsSecrets.Sops.Age;

/// <summary>Reads identity files: age keys one a line among comments, or one OpenSSH or PKCS#1 private key in PEM.</summary>
public static class AgeIdentities
{
    private const int MaxCharacters = 1024 * 1024;

    /// <returns>At least one identity.</returns>
    /// <exception cref="AgeException"><see cref="AgeFailure.Identity"/>, naming the line and never what stands there.</exception>
    public static IReadOnlyList<IAgeIdentity> Parse(string text)
    {
        if (text.Length > MaxCharacters) throw new AgeException(AgeFailure.Limit, "age identities: longer than the limit");
        return text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? [ParsePem(text)] : ParseLines(text);
    }

    private static List<IAgeIdentity> ParseLines(string text)
    {
        var identities = new List<IAgeIdentity>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#')) continue;
            identities.Add((IAgeIdentity?)X25519Identity.Parse(line) ?? HybridIdentity.Parse(line) ?? throw UnknownLine(line, i + 1));
        }
        return identities.Count > 0 ? identities : throw new AgeException(AgeFailure.Identity, "age identities: none found");
    }

    private static AgeException UnknownLine(string line, int number) =>
        new(AgeFailure.Identity, line.StartsWith("AGE-PLUGIN-", StringComparison.OrdinalIgnoreCase)
            ? $"age identities: line {number} is for a plugin, which is not supported"
            : $"age identities: line {number} is not an age secret key");

    private static IAgeIdentity ParsePem(string text)
    {
        if (!PemEncoding.TryFind(text, out var fields)) throw NotAKey();
        var blob = Convert.FromBase64String(text[fields.Base64Data]);
        try
        {
            return OpenSshPrivateKeyUtilities.ParsePrivateKeyBlob(blob) switch
            {
                Ed25519PrivateKeyParameters key => new SshEd25519Identity(key),
                RsaPrivateCrtKeyParameters key when key.Modulus.BitLength >= SshRsaRecipient.MinBits => new SshRsaIdentity(key),
                _ => throw NotAKey(),
            };
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or FormatException or IOException or CryptoException or InvalidCastException or IndexOutOfRangeException)
        {
            throw NotAKey();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blob);
        }
    }

    private static AgeException NotAKey() =>
        new(AgeFailure.Identity, "age identities: the private key is not Ed25519 or RSA of 2048 bits or more, or it has a passphrase, which is not supported");
}
