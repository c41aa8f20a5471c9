using System.Globalization;
using GitOpsSecrets.Sops.OpenPgp;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace GitOpsSecrets.Sops.Keys;

/// <summary>Data keys wrapped with OpenPGP: each copy is an armored message for one key.</summary>
/// <param name="keys">Private keys to open with, public keys to wrap for.</param>
public sealed class PgpDataKeys(PgpKeys keys) : IDataKeySource
{
    /// <summary>Some hundred bytes for one recipient; generous for many.</summary>
    private const int MaxMessageLength = 256 * 1024;

    public string Kind => MasterKeyKind.Pgp;

    public ValueTask<byte[]?> UnwrapAsync(MasterKey key, SopsLimits limits, CancellationToken cancellationToken)
    {
        if (key.Wrapped.Length > MaxMessageLength) throw Broken(key, "the OpenPGP message is too long");
        var message = PgpArmor.Decode(key.Wrapped) ?? throw Broken(key, "not an armored OpenPGP message");
        try
        {
            return new(PgpMessage.Open(message, keys));
        }
        catch (SopsException failure)
        {
            throw Broken(key, failure.Message);
        }
    }

    public ValueTask<MasterKey> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, string createdAt, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.Parse(createdAt, CultureInfo.InvariantCulture);
        var publicKey = keys.EncryptionKeyFor(key.Identifier, now)
            ?? throw new SopsException(SopsFailure.NoKey, $"{key}: no usable public key with this fingerprint (unknown, expired, revoked, or not for encryption)");
        try
        {
            return new(key.With(PgpArmor.Encode(PgpEncryption.Encrypt(secret.Span, publicKey)), createdAt));
        }
        catch (PgpException)
        {
            throw new SopsException(SopsFailure.NoKey, $"{key}: cannot encrypt to a key of this kind");
        }
    }

    private static SopsException Broken(MasterKey key, string problem) => new(SopsFailure.DataKey, $"{key}: {problem}");
}
