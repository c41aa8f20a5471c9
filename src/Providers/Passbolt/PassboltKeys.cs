using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.OpenPgp;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>The key of one user, or one that a team's names are encrypted for; opens messages for it.</summary>
internal sealed class PassboltKeys
{
    private readonly PgpKeys keys;

    private PassboltKeys(PgpKeys keys) => this.keys = keys;

    /// <summary>Of the primary key, by which Passbolt knows its user.</summary>
    public string Fingerprint => keys.Fingerprints[0];

    /// <param name="what">What holds the key, for the message.</param>
    /// <exception cref="ProviderException">It is no key, or the passphrase is another's.</exception>
    public static PassboltKeys Parse(ReadOnlySpan<byte> file, ReadOnlySpan<char> passphrase, string what)
    {
        try
        {
            return new PassboltKeys(PgpKeys.Parse(file, passphrase));
        }
        catch (SopsException failure)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{what}: {failure.Message}");
        }
    }

    /// <param name="what">What the message holds, for the failure.</param>
    /// <returns>The caller's to zero.</returns>
    /// <exception cref="ProviderException">It is for another key, or was changed.</exception>
    public byte[] Open(string armored, string what)
    {
        try
        {
            return PgpText.Open(armored, keys);
        }
        catch (SopsException failure)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{what} cannot be decrypted: {failure.Message}");
        }
    }

    public override string ToString() => nameof(PassboltKeys);
}
