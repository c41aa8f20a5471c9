using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// An SSH private key that is read, and its passphrase asked for, only when a file was encrypted to it: the user's own keys are found in
/// their usual places, and opening something else must not ask about them.
/// </summary>
/// <param name="name">For the question and for errors.</param>
/// <param name="text">The key file.</param>
/// <param name="ask">The passphrase; called at most once.</param>
/// <param name="named">The user named it, so that it must be a key that age can use; one that was found may be anything.</param>
internal sealed class SshKeyIdentity(string name, string text, Func<string, char[]> ask, bool named) : IAgeIdentity
{
    private const string StanzaPrefix = "ssh-";

    private IAgeIdentity? _loaded;

    public AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits)
    {
        if (!stanzas.Any(stanza => stanza.Type.StartsWith(StanzaPrefix, StringComparison.Ordinal))) return null;
        _loaded ??= Load(stanzas);
        return _loaded?.Unwrap(stanzas, limits);
    }

    private IAgeIdentity? Load(IReadOnlyList<AgeStanza> stanzas)
    {
        if (OpenSshKey.TryRead(text) is not { IsEncrypted: true } key) return Parse(text);
        var tag = Convert.ToBase64String(SHA256.HashData(key.PublicKey).AsSpan(0, 4)).TrimEnd('=');
        return stanzas.Any(stanza => stanza.Arguments.Count > 0 && stanza.Arguments[0] == tag) ? Decrypt(key) : null;
    }

    private IAgeIdentity? Decrypt(OpenSshKey key)
    {
        var typed = ask(name);
        var passphrase = Encoding.UTF8.GetBytes(typed);
        try
        {
            return Parse(key.Decrypt(passphrase) ?? throw new CommandException($"{name}: the passphrase does not fit") { Code = SopsExitCode.NoKey });
        }
        finally
        {
            Array.Clear(typed);
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private IAgeIdentity? Parse(string pem)
    {
        try
        {
            return AgeIdentities.Parse(pem)[0];
        }
        catch (AgeException) when (!named)
        {
            return null;
        }
    }
}
