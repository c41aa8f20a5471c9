using System.Globalization;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary>A passphrase to open with. Its cost is bounded by <see cref="AgeLimits.MaxScryptLogN"/>.</summary>
public sealed class ScryptIdentity : IAgeIdentity, IDisposable
{
    private readonly byte[] _passphrase;

    /// <param name="passphrase">UTF-8 bytes, copied.</param>
    public ScryptIdentity(ReadOnlySpan<byte> passphrase) => _passphrase = passphrase.ToArray();

    public AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits)
    {
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == ScryptRecipient.StanzaType) return Unwrap(stanza, limits);
        }
        return null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_passphrase);

    public override string ToString() => nameof(ScryptIdentity);

    private AgeFileKey? Unwrap(AgeStanza stanza, AgeLimits limits)
    {
        if (stanza.Arguments.Count != 2
            || !AgeBase64.TryDecodeUnpadded(stanza.Arguments[0], out var salt)
            || salt.Length != ScryptRecipient.SaltSize
            || !TryParseLogN(stanza.Arguments[1], out var logN))
        {
            throw AgeHeader.Malformed("a scrypt stanza does not have a salt of 16 bytes and a work factor");
        }
        AgeWrap.RequireSize(stanza.Body);
        if (logN > limits.MaxScryptLogN) throw new AgeException(AgeFailure.Limit, $"age header: a passphrase stanza asks for a work factor above {limits.MaxScryptLogN}");
        var wrapKey = ScryptRecipient.DeriveWrapKey(_passphrase, salt, logN);
        try
        {
            return AgeWrap.Unwrap(stanza.Body, wrapKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }

    private static bool TryParseLogN(string text, out int logN)
    {
        logN = 0;
        return text.Length is 1 or 2
            && text[0] is >= '1' and <= '9'
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out logN);
    }
}
