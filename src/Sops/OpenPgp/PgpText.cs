namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>Messages of others than SOPS: texts that were encrypted to a user of a password manager.</summary>
public static class PgpText
{
    private const int MaxPlainBytes = 1024 * 1024;

    /// <param name="armored">One armored message. A signature in it is passed over.</param>
    /// <param name="keys">With their private halves.</param>
    /// <returns>What was encrypted; the caller's to zero.</returns>
    /// <exception cref="SopsException">It is no such message, is not for these keys, or was changed.</exception>
    public static byte[] Open(string armored, PgpKeys keys)
    {
        ArgumentNullException.ThrowIfNull(armored);
        ArgumentNullException.ThrowIfNull(keys);
        var message = PgpArmor.Decode(armored) ?? throw new SopsException(SopsFailure.DataKey, "the OpenPGP message is cut or malformed");
        return PgpMessage.Open(message, keys, MaxPlainBytes) ?? throw new SopsException(SopsFailure.NoKey, "the OpenPGP message is for another key");
    }
}
