using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary>Whole age v1 files in memory: header, one wrapped file key a recipient, payload. See C2SP/C2SP <c>age.md</c>.</summary>
public static class AgeFile
{
    /// <summary>Opens a file, armored or binary, by the first identity that fits.</summary>
    /// <returns>The plaintext; the caller zeroes it.</returns>
    /// <exception cref="AgeException">Any <see cref="AgeFailure"/> but identity and recipient.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> file, IReadOnlyList<IAgeIdentity> identities, AgeLimits? limits = null)
    {
        limits ??= AgeLimits.Default;
        if (file.Length > limits.MaxFileBytes) throw new AgeException(AgeFailure.Limit, "age file: longer than the limit");
        var binary = AgeArmor.LooksArmored(file) ? AgeArmor.Decode(file, limits) : file;
        // Room for all of it at once: a growing stream would leave plaintext behind in the buffers it abandons.
        using var output = new MemoryStream(binary.Length);
        try
        {
            Decrypt(binary, identities, limits, output);
            return output.ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output.GetBuffer());
        }
    }

    /// <summary>Encrypts to all recipients.</summary>
    /// <exception cref="AgeException"><see cref="AgeFailure.Recipient"/>: none, or post-quantum ones mixed with classic ones, which would
    /// make the file only as strong as the classic ones.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, IReadOnlyList<IAgeRecipient> recipients)
    {
        if (recipients.Count == 0) throw new AgeException(AgeFailure.Recipient, "age: no recipients");
        if (recipients.Any(r => r.IsPostQuantum != recipients[0].IsPostQuantum)) throw new AgeException(AgeFailure.Recipient, "age: post-quantum and classic recipients must not share a file");
        if (recipients.Count > 1 && recipients.Any(r => r is ScryptRecipient)) throw new AgeException(AgeFailure.Recipient, "age: a passphrase must be the only recipient");
        using var fileKey = AgeFileKey.Generate();
        var stanzas = recipients.Select(r => r.Wrap(fileKey)).ToList();
        var header = new AgeHeader(stanzas, AgeHeader.ComputeMac(stanzas, fileKey)).ToBytes();
        return [.. header, .. AgePayload.Encrypt(plaintext, fileKey, RandomNumberGenerator.GetBytes(AgePayload.NonceSize))];
    }

    internal static void Decrypt(ReadOnlySpan<byte> binary, IReadOnlyList<IAgeIdentity> identities, AgeLimits limits, Stream output)
    {
        var header = AgeHeader.Parse(binary, limits, out var headerLength);
        using var fileKey = Unwrap(header, identities, limits);
        if (!CryptographicOperations.FixedTimeEquals(AgeHeader.ComputeMac(header.Stanzas, fileKey), header.Mac))
        {
            throw new AgeException(AgeFailure.Mac, "age header: its MAC does not fit; the header was changed");
        }
        AgePayload.Decrypt(binary[headerLength..], fileKey, output);
    }

    private static AgeFileKey Unwrap(AgeHeader header, IReadOnlyList<IAgeIdentity> identities, AgeLimits limits)
    {
        if (header.Stanzas.Count > 1 && header.Stanzas.Any(s => s.Type == ScryptRecipient.StanzaType))
        {
            // Else a file "for my passphrase" might as well be for someone else's key.
            throw AgeHeader.Malformed("a passphrase stanza is not the only one");
        }
        foreach (var identity in identities)
        {
            if (identity.Unwrap(header.Stanzas, limits) is { } fileKey) return fileKey;
        }
        throw new AgeException(AgeFailure.NoMatch, "age: no identity fits any recipient of the file");
    }
}
