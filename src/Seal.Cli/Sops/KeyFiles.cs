using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.OpenPgp;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>Reads key files of every kind into a keyring; asks for the passphrases of those that have one.</summary>
internal sealed class KeyFiles(ParsedFlags flags, SopsKeyringBuilder builder)
{
    /// <summary>A step above what age chooses by itself (18), each step doubling time and memory.</summary>
    private const int MaxScryptLogN = 20;

    /// <exception cref="CommandException">It cannot be read or holds no key.</exception>
    public void Add(string path)
    {
        var bytes = InputFile.Read(path);
        try
        {
            Add(bytes, path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <param name="key">The file's bytes.</param>
    /// <param name="name">For messages.</param>
    public void Add(byte[] key, string name)
    {
        try
        {
            if (IsAgeFile(key)) AddProtectedIdentities(key, name);
            else if (IsPgp(key)) builder.Add(ReadPgp(key, name));
            else if (OpenSshKey.TryRead(Encoding.UTF8.GetString(key)) is { IsEncrypted: true }) AddSsh(Encoding.UTF8.GetString(key), name, named: true);
            else builder.AddFile(key);
        }
        catch (Exception failure) when (failure is SopsException or AgeException)
        {
            throw new CommandException($"{name}: {failure.Message}", failure) { Code = SopsExitCode.NoKey };
        }
    }

    /// <summary>An SSH key that is looked into when something needs it.</summary>
    public void AddSsh(string text, string name, bool named) => builder.Add(new SshKeyIdentity(name, text, Ask, named));

    private static bool IsAgeFile(ReadOnlySpan<byte> key) => key.StartsWith("age-encryption.org/"u8) || key.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----"u8);

    // A binary key ring begins with a packet header, whose highest bit is set; text never does.
    private static bool IsPgp(ReadOnlySpan<byte> key) => key.IndexOf("-----BEGIN PGP"u8) >= 0 || (!key.IsEmpty && key[0] is >= 0x80 and not 0xEF);

    /// <summary>Identities that <c>age --passphrase</c> encrypted.</summary>
    private void AddProtectedIdentities(byte[] file, string name)
    {
        var typed = Ask(name);
        var passphrase = Encoding.UTF8.GetBytes(typed);
        byte[] opened = [];
        try
        {
            using var identity = new ScryptIdentity(passphrase);
            opened = AgeFile.Decrypt(file, [identity], new AgeLimits(MaxScryptLogN: MaxScryptLogN));
            builder.AddFile(opened);
        }
        catch (AgeException failure) when (failure.Failure == AgeFailure.NoMatch)
        {
            throw new CommandException($"{name}: the passphrase does not fit", failure) { Code = SopsExitCode.NoKey };
        }
        finally
        {
            Array.Clear(typed);
            CryptographicOperations.ZeroMemory(passphrase);
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    private PgpKeys ReadPgp(byte[] file, string name)
    {
        try
        {
            return PgpKeys.Parse(file);
        }
        catch (SopsException) when (CanAsk)
        {
            // The library does not tell a passphrase from damage; a second try does.
            var passphrase = Ask(name);
            try
            {
                return PgpKeys.Parse(file, passphrase);
            }
            finally
            {
                Array.Clear(passphrase);
            }
        }
    }

    private bool CanAsk => flags.TextOrNull(SopsFlags.PassphraseFile) is not null || Talk.InputIsTerminal;

    private char[] Ask(string name) => CanAsk
        ? Passphrase.ReadFor(name, flags.TextOrNull(SopsFlags.PassphraseFile))
        : throw new CommandException($"{name} has a passphrase, and there is no terminal to ask on; put it into a file and name that with --passphrase-file") { Code = SopsExitCode.NoKey };
}
