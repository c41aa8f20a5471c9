using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Resealing;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal reencrypt PATH…</c>: every SealedSecret below the paths sealed with the newest certificate, files changed in place.</summary>
internal sealed class ReencryptCommand : ICommand
{
    private const int ControllerParallelism = 8;

    private static readonly Flag DryRun = new("dry-run", FlagKind.Toggle, "say what would change and change nothing") { FromEnvironment = false };

    public string Name => "reencrypt";

    public string Arguments => "[flags] PATH…";

    public string Summary => "Seals SealedSecrets in files and folders again, with the newest certificate, in place";

    public string Description => """
        Through the cluster's controller, or offline when old private keys are given. Item by item: labels, annotations, templates,
        comments and the order of the file stay as they are; what is sealed with that certificate already is not touched. Below a
        folder, .yaml, .yml and .json files count; other objects in them are left alone. The controller seals with its own newest
        certificate: with --cert it is refused, without old keys, unless that names the same.

        Examples:
          seal reencrypt clusters/production
          seal reencrypt --recovery-private-key old-keys.yaml --cert new.pem apps/ secrets.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Re-encryption", [RootFlags.RecoveryPrivateKey, RootFlags.PassphraseFile, RootFlags.Cert, DryRun]),
        ClusterFlags.Group,
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count == 0) throw new UsageException("reencrypt needs a file or a folder");
        var files = ManifestFiles.Find(flags.Arguments);
        var offline = flags.List(RootFlags.RecoveryPrivateKey).Count > 0;
        using IObjectResealer resealer = offline
            ? await OfflineResealer.OpenAsync(flags, time, cancellationToken)
            : await OpenControllerAsync(flags, time, cancellationToken);
        var tally = new ResealTally();
        using (var progress = new Progress("files", files.Count))
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = offline ? Environment.ProcessorCount : ControllerParallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(files, options, async (file, token) =>
            {
                await ReencryptFileAsync(file, flags.Arguments.Contains(file), resealer, flags.On(DryRun), tally, progress, token);
                progress.Advance();
            });
        }
        Talk.Write($"{tally}{(flags.On(DryRun) ? " (dry run: nothing was written)" : "")}\n");
        return tally.Failed > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>Through the controller, which seals to its own certificate: whoever names another one wants the work done here.</summary>
    private static async Task<IObjectResealer> OpenControllerAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await ControllerResealer.OpenAsync(flags, time, cancellationToken);
        }
        catch (CommandException failure) when (flags.TextOrNull(RootFlags.Cert) is not null)
        {
            throw new CommandException($"{failure.Message}\nOffline, to the certificate of --cert, the old private keys are needed too: --recovery-private-key FILE", failure);
        }
    }

    private static async Task ReencryptFileAsync(
        string file, bool named, IObjectResealer resealer, bool dryRun, ResealTally tally, Progress progress, CancellationToken cancellationToken)
    {
        byte[] bytes = [];
        try
        {
            bytes = InputFile.Read(file);
            if (!Manifest.MentionsSealedSecret(bytes))
            {
                if (named) throw NoSealedSecret.In(Manifest.Read(bytes, file));
                return;
            }
            var manifest = Manifest.Read(bytes, file);
            var edit = new ManifestEdit(manifest);
            var (lines, changed) = (new List<string>(), 0);
            foreach (var source in manifest.Objects.Where(ObjectDecoder.IsSealedSecret))
            {
                var result = await resealer.ResealAsync(source, cancellationToken);
                foreach (var (path, value) in result.Changes) edit.Set(source, value, path);
                if (Report(source, result, lines, tally, progress)) changed++;
            }
            if (lines.Count == 0) return;
            if (!dryRun)
            {
                OutputFile.Change(file, bytes, edit.Apply());
                if (!edit.LayoutKept) progress.Say($"warning: {file}: its layout does not allow changes in place; comments are lost");
            }
            tally.AddChanged(changed);
            progress.Print(string.Join('\n', lines));
        }
        catch (ManifestException) when (!named && TemplateText.Is(file, bytes))
        {
            progress.Say($"warning: {file} looks like a template and was left as it is; seal its items again by hand");
        }
        catch (Exception failure) when (failure is CommandException or ManifestException)
        {
            tally.AddFailed();
            progress.Say($"error: {failure.Message}");
        }
    }

    /// <returns>Whether it counts as changed, once it is written.</returns>
    private static bool Report(ManifestObject source, ResealedObject result, List<string> lines, ResealTally tally, Progress progress)
    {
        if (result.Failure is { } failure)
        {
            tally.AddFailed();
            progress.Say($"error: {source}: {failure}");
        }
        else if (result.Changes.Count == 0) tally.AddCurrent();
        if (result.Changes.Count > 0) lines.Add($"changed {source}: {result.ChangedItems} of {result.Items} items{(result.ChangedItems == 0 ? "; its annotation named another key" : "")}");
        return result.Failure is null && result.Changes.Count > 0;
    }
}
