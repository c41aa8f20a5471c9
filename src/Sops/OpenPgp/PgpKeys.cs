using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>OpenPGP keys, public and private, as <c>gpg --export</c> and <c>--export-secret-keys --armor</c> write them.</summary>
public sealed class PgpKeys
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Each a primary key and its subkeys.</summary>
    private readonly List<IReadOnlyList<PgpPublicKey>> _public = [];
    private readonly List<(PgpSecretKey Secret, PgpPrivateKey Private)> _private = [];

    private PgpKeys() { }

    /// <summary>No keys: opens and wraps nothing.</summary>
    public static PgpKeys None => new();

    /// <param name="file">One or more armored blocks, or one binary key ring.</param>
    /// <param name="passphrase">For protected private keys; empty for none.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.NoKey"/>: no key inside, or the passphrase does not fit.</exception>
    public static PgpKeys Parse(ReadOnlySpan<byte> file, ReadOnlySpan<char> passphrase = default)
    {
        if (file.Length > MaxBytes) throw new SopsException(SopsFailure.Limit, $"OpenPGP keys: longer than {MaxBytes} bytes");
        var keys = new PgpKeys();
        try
        {
            foreach (var block in Blocks(file.ToArray())) keys.Load(block, passphrase);
        }
        catch (Exception failure) when (failure is IOException or PgpException or InvalidOperationException or ArgumentException or GeneralSecurityException or IndexOutOfRangeException or InvalidCastException)
        {
            throw new SopsException(SopsFailure.NoKey, "OpenPGP keys: malformed, or the passphrase does not fit");
        }
        return keys._public.Count > 0 ? keys : throw new SopsException(SopsFailure.NoKey, "OpenPGP keys: none found");
    }

    /// <summary>Several files as one.</summary>
    public static PgpKeys Merge(IEnumerable<PgpKeys> all)
    {
        var result = new PgpKeys();
        foreach (var keys in all)
        {
            result._public.AddRange(keys._public);
            result._private.AddRange(keys._private);
        }
        return result;
    }

    /// <summary>Fingerprints of the primary keys, 40 upper-case hexadecimal digits each.</summary>
    public IReadOnlyList<string> Fingerprints => [.. _public.Select(r => Fingerprint(r[0])).Distinct(StringComparer.Ordinal)];

    public override string ToString() => nameof(PgpKeys);

    /// <summary>The private keys that a session key may be for; all of them when the sender hid which.</summary>
    internal IEnumerable<PgpPrivateKey> PrivateKeysFor(long keyId) =>
        _private.Where(k => keyId == 0 || k.Secret.KeyId == keyId).Select(k => k.Private);

    /// <summary>The key to encrypt to for a fingerprint: with <c>!</c> that very key, otherwise the newest usable encryption subkey.</summary>
    /// <returns>Null when there is none.</returns>
    internal PgpPublicKey? EncryptionKeyFor(string fingerprint, DateTimeOffset now)
    {
        var isExact = fingerprint.EndsWith('!');
        var wanted = fingerprint.TrimEnd('!').Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        foreach (var keys in _public)
        {
            if (!keys.Any(k => Fingerprint(k) == wanted)) continue;
            var usable = keys.Where(k => CanEncrypt(k, now) && (!isExact || Fingerprint(k) == wanted)).OrderBy(k => k.IsMasterKey).ThenByDescending(k => k.CreationTime);
            if (usable.FirstOrDefault() is { } key) return key;
        }
        return null;
    }

    private static bool CanEncrypt(PgpPublicKey key, DateTimeOffset now)
    {
        const int EncryptCommunications = 0x04;
        const int EncryptStorage = 0x08;
        var expires = key.GetValidSeconds();
        if (!key.IsEncryptionKey || key.HasRevocation() || (expires > 0 && key.CreationTime.AddSeconds(expires) < now.UtcDateTime)) return false;
        // Without flags, the algorithm decides.
        var flags = key.GetSignatures().Select(s => s.GetHashedSubPackets()?.GetKeyFlags() ?? 0).Where(f => f != 0).ToList();
        return flags.Count == 0 || flags.Any(f => (f & (EncryptCommunications | EncryptStorage)) != 0);
    }

    private static string Fingerprint(PgpPublicKey key) => Convert.ToHexString(key.GetFingerprint());

    /// <summary>A file may be several armored blocks after each other; the decoder reads one.</summary>
    private static IEnumerable<byte[]> Blocks(byte[] file)
    {
        var text = System.Text.Encoding.Latin1.GetString(file);
        var starts = new List<int>();
        for (var at = text.IndexOf("-----BEGIN PGP", StringComparison.Ordinal); at >= 0; at = text.IndexOf("-----BEGIN PGP", at + 1, StringComparison.Ordinal)) starts.Add(at);
        if (starts.Count == 0) return [file];
        return starts.Select((start, i) => file[start..(i + 1 < starts.Count ? starts[i + 1] : file.Length)]);
    }

    private void Load(byte[] block, ReadOnlySpan<char> passphrase)
    {
        var factory = new PgpObjectFactory(PgpUtilities.GetDecoderStream(new MemoryStream(block)));
        while (factory.NextPgpObject() is { } item)
        {
            switch (item)
            {
                case PgpPublicKeyRing ring:
                    _public.Add([.. ring.GetPublicKeys()]);
                    break;
                case PgpSecretKeyRing ring:
                    _public.Add([.. ring.GetSecretKeys().Select(k => k.PublicKey)]);
                    foreach (var key in ring.GetSecretKeys()) LoadPrivate(key, passphrase);
                    break;
            }
        }
    }

    private void LoadPrivate(PgpSecretKey key, ReadOnlySpan<char> passphrase)
    {
        // Keys that only sign, and stubs of keys on a card, cannot open anything.
        if (!key.PublicKey.IsEncryptionKey || key.IsPrivateKeyEmpty) return;
        var characters = passphrase.ToArray();
        try
        {
            _private.Add((key, key.ExtractPrivateKeyUtf8(characters)));
        }
        finally
        {
            Array.Clear(characters);
        }
    }
}
