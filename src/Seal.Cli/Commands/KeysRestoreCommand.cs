using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal keys restore FILE</c>.</summary>
internal sealed class KeysRestoreCommand : ICommand
{
    public string Name => "keys restore";

    public string Arguments => "FILE [flags]";

    public string Summary => "Brings sealing keys back from a backup";

    public string Description => """
        Keys that the cluster has already are left alone. Into a new cluster, restore before the first SealedSecret is applied;
        the original's controller takes restored keys up after a restart, ours at once.

        Example:
          seal keys restore keys-2026-11.pem
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Restoring", [KeysBackupCommand.PassphraseFile]), ClusterFlags.Group];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var file]) throw new UsageException("keys restore takes one file");
        var text = Encoding.UTF8.GetString(InputFile.Read(file));
        using var cluster = await ClusterKeys.OpenAsync(flags, cancellationToken);
        var present = await cluster.ListAsync(cancellationToken);
        var passphrase = Passphrase.Read(flags.TextOrNull(KeysBackupCommand.PassphraseFile), choose: false);
        try
        {
            foreach (var key in KeyBackup.Read(text, passphrase, file)) await RestoreAsync(cluster, present, key, cancellationToken);
        }
        finally
        {
            Array.Clear(passphrase);
        }
        return ExitCode.Success;
    }

    private static async Task RestoreAsync(ClusterKeys cluster, IReadOnlyList<ClusterKey> present, RestoredKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (present.FirstOrDefault(other => other.Certificate?.Fingerprint == key.Fingerprint) is { } same)
            {
                Talk.Write($"present {cluster.Namespace}/{same.Name}\n");
                return;
            }
            if (present.Any(other => other.Name == key.Name))
                throw new CommandException($"{cluster.Namespace}/{key.Name} exists and is another key; rename or delete that Secret first");
            await cluster.CreateAsync(key.Name, exact: true, key.State, key.PrivateKeyPem, Encoding.ASCII.GetBytes(key.CertificatePem), cancellationToken);
            Talk.Write($"restored {cluster.Namespace}/{key.Name}\n");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key.PrivateKeyPem);
        }
    }
}
