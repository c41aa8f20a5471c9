using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal keys backup --out FILE</c>.</summary>
internal sealed class KeysBackupCommand : ICommand
{
    private static readonly Flag Out = new("out", FlagKind.Text, "where to write, - for standard output; a file is readable by you only") { Value = "FILE", FromEnvironment = false };

    internal static readonly Flag PassphraseFile = new("passphrase-file", FlagKind.Text, "read the passphrase (its first line) here; else it is asked for, or read from standard input")
    {
        Value = "FILE",
        FromEnvironment = false,
    };

    public string Name => "keys backup";

    public string Arguments => "--out FILE [flags]";

    public string Summary => "Saves all sealing keys of a cluster, encrypted with a passphrase";

    public string Description => """
        Retired keys are saved too. The file holds standard PEM: private keys as encrypted PKCS#8 and their certificates, so
        `openssl pkcs8 -in FILE` can read it as well. Keep file and passphrase apart: together they open everything.

        Example:
          seal keys backup --out keys-2026-11.pem
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Backup", [Out, PassphraseFile]), ClusterKeys.Keys];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = flags.TextOrNull(Out) ?? throw new UsageException("keys backup needs --out FILE");
        using var cluster = await ClusterKeys.OpenAsync(flags, cancellationToken);
        var keys = await cluster.ListAsync(cancellationToken);
        if (keys.Count == 0) throw new CommandException($"no sealing keys in namespace {cluster.Namespace}; is --controller-namespace right?");
        foreach (var key in keys.Where(key => key.Problem is not null)) Talk.Warn($"{key.Name} {key.Problem}; it is left out");
        var sound = keys.Where(key => key.Problem is null).ToList();
        if (sound.Count == 0) throw new CommandException($"none of the sealing keys in namespace {cluster.Namespace} can be saved");
        Spare(file, sound);
        var passphrase = Passphrase.Read(flags.TextOrNull(PassphraseFile), choose: true);
        try
        {
            var backup = Encoding.ASCII.GetBytes(KeyBackup.Write(sound, passphrase));
            if (file == OutputFile.StandardOutput) Talk.Write(backup);
            else OutputFile.Replace(file, backup, secret: true);
        }
        finally
        {
            Array.Clear(passphrase);
        }
        // Of what is no file (/dev/stdout) it may be standard output again.
        if (IsFile(file)) Talk.Write($"saved {sound.Count} keys to {file}\n");
        else Talk.Say($"saved {sound.Count} keys");
        return sound.Count == keys.Count ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool IsFile(string file) => file != OutputFile.StandardOutput && !SpecialFile.Is(file);

    /// <summary>An earlier backup may be all that is left of its keys, as after a cluster was set up anew.</summary>
    private static void Spare(string file, IReadOnlyList<ClusterKey> keys)
    {
        if (!IsFile(file) || !File.Exists(file) || new FileInfo(file).Length == 0) return;
        var earlier = KeyBackup.List(Encoding.UTF8.GetString(InputFile.Read(file)));
        if (earlier.Count == 0) throw new CommandException($"{file} is there and is no backup of sealing keys; choose another file");
        var lost = earlier.Where(key => !keys.Any(other => other.Fingerprint == key.Fingerprint)).Select(key => key.Name ?? "one without a name").ToList();
        if (lost.Count > 0) throw new CommandException($"{file} is a backup of keys that this cluster has not, and they would be lost: {string.Join(", ", lost)}; choose another file, or bring them back first: seal keys restore {file}");
    }
}
