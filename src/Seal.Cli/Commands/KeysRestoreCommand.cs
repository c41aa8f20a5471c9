using System.Net;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal keys restore FILE</c>.</summary>
internal sealed class KeysRestoreCommand : ICommand
{
    public string Name => "keys restore";

    public string Arguments => "FILE|- [flags]";

    public string Summary => "Brings sealing keys back from a backup";

    public string Description => """
        FILE is what seal keys backup wrote, or key Secrets as kubectl get secret -o yaml prints them; those need no passphrase.
        - is standard input; the passphrase of a backup there comes from --passphrase-file.
        Keys that the cluster has already are left alone. Into a new cluster, restore before the first SealedSecret is applied;
        the original's controller takes restored keys up after a restart, ours at once. A key that cannot be brought back is named and
        the others are, all the same; the exit code is 1 then.

        Example:
          seal keys restore keys-2026-11.pem
          kubectl get secret -n kube-system -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml > sealing-keys.yaml
          seal keys restore sealing-keys.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Restoring", [KeysBackupCommand.PassphraseFile]), ClusterKeys.Keys];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var file]) throw new UsageException("keys restore takes one file");
        var bytes = InputFile.ReadOrAwait(file);
        using var cluster = await ClusterKeys.OpenAsync(flags, cancellationToken);
        var present = await cluster.ListAsync(cancellationToken);
        var (keys, problems) = KeysOf(bytes, file, flags);
        var all = problems.Count == 0;
        foreach (var problem in problems) Talk.Say("error: " + problem);
        // Oldest first, so that the newest certificate belongs to the newest Secret too: a controller may go by either.
        foreach (var key in keys.OrderBy(key => key.Certificate.NotBefore)) all &= await TryRestoreAsync(cluster, present, key, cancellationToken);
        return all ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Nobody is asked for a passphrase that nothing needs.</summary>
    private static (IReadOnlyList<RestoredKey> Keys, IReadOnlyList<string> Problems) KeysOf(byte[] bytes, string file, ParsedFlags flags)
    {
        var (text, source) = (Encoding.UTF8.GetString(bytes), ManifestPlace.SourceOf(file));
        // Of a backup that was cut short, how many keys it held may be all that is left.
        if (!KeyBackup.IsPem(text) && BackupEntry.ReadAll(text).Said == 0) return PlainBackup.Read(bytes, source, flags.Text(ClusterKeys.Prefix));
        var (passphraseFile, isEncrypted) = (flags.TextOrNull(KeysBackupCommand.PassphraseFile), KeyBackup.IsEncrypted(text));
        if (file == InputFile.StandardInput && passphraseFile is null && isEncrypted)
            throw new CommandException("the backup on standard input is encrypted: put its passphrase into a file and name that with --passphrase-file");
        var passphrase = isEncrypted ? Passphrase.Read(passphraseFile, choose: false) : [];
        try
        {
            return KeyBackup.Read(text, passphrase, source);
        }
        finally
        {
            Array.Clear(passphrase);
        }
    }

    /// <summary>One that cannot be brought back keeps none of the others away.</summary>
    private static async Task<bool> TryRestoreAsync(ClusterKeys cluster, IReadOnlyList<ClusterKey> present, RestoredKey key, CancellationToken cancellationToken)
    {
        try
        {
            await RestoreAsync(cluster, present, key, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is CommandException or KubeStatusException)
        {
            var remedy = failure is KubeStatusException { Status: HttpStatusCode.Conflict } ? $"; a Secret of that name, which is no sealing key, is there: rename or delete it first" : "";
            Talk.Say($"error: {key} was not restored: {failure.Message}{remedy}");
            return false;
        }
    }

    private static async Task RestoreAsync(ClusterKeys cluster, IReadOnlyList<ClusterKey> present, RestoredKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (present.FirstOrDefault(other => other.Fingerprint == key.Fingerprint) is { } same)
            {
                // What somebody retired is not brought back to life by the way.
                Talk.Write($"present {cluster.Namespace}/{same.Name}{(same.IsActive ? "" : $", {same.State}; to bring it back: {KeysRetireCommand.RemedyOf(same)}")}\n");
                return;
            }
            if (present.FirstOrDefault(other => other.Name == key.Name) is { } taken)
                throw new CommandException($"{cluster.Namespace}/{key.Name} exists and is {(taken.IsRejected ? $"rejected ({taken.Problem})" : "another key")}; rename or delete that Secret first");
            await cluster.CreateAsync(key.Name, exact: true, key.State, key.PrivateKeyPem, Encoding.ASCII.GetBytes(key.CertificatePem), cancellationToken);
            Talk.Write($"restored {cluster.Namespace}/{key.Name}\n");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key.PrivateKeyPem);
        }
    }
}
