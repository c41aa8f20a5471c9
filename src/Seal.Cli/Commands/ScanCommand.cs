using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Git;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Scanning;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal scan</c>: what should not be in a repository, and what in it cannot work.</summary>
internal sealed class ScanCommand : ICommand
{
    private static readonly Flag Staged = new("staged", FlagKind.Toggle, "scan what is about to be committed, as it stands in the index") { FromEnvironment = false };
    private static readonly Flag History = new("history", FlagKind.Toggle, "scan every version of every file of all branches and tags") { FromEnvironment = false };
    private static readonly Flag Format = new("format", FlagKind.Text, "text, json or sarif (2.1.0)") { Value = "FORMAT", Default = "text", Choices = ["text", "json", "sarif"], FromEnvironment = false };

    public string Name => "scan";

    public string Arguments => "[flags] [PATH…]";

    public string Summary => "Finds secrets in plain text, private keys, and sealed values that cannot open";

    public string Description => """
        Secrets and secretGenerators with values in plain text (in lists, streams and Helm templates too), values in plain text where
        .sops.yaml or a SOPS file wants them encrypted, private keys, and SealedSecrets that are broken, expired, or for another scope,
        name or namespace. Ciphertext, placeholders and ExternalSecrets raise no alarm, and no value is ever shown. Without a PATH the
        current folder is scanned; in a Git repository, what .gitignore names is left out.

        A comment "# seal:ignore" (or "# seal:ignore[rule]") on the line or above it silences a finding; scan.ignore in .seal.yaml does
        for whole paths. Exit codes here: 0 clean, 1 something found, or a text too large to be read (notes do not count), 2 the scan could
        not be done.

        Examples:
          seal scan
          seal scan --staged
          seal scan --history --format sarif > seal.sarif
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Scan", [Staged, History, Format])];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.On(Staged) && flags.On(History)) throw new UsageException("scan takes --staged or --history, not both");
        if (flags.Arguments.Count > 0 && (flags.On(Staged) || flags.On(History))) throw new UsageException("--staged and --history scan the whole repository; leave the paths out");
        try
        {
            var result = flags.On(Staged) || flags.On(History) ? await ScanRepositoryAsync(flags.On(History), time, cancellationToken) : await ScanDiskAsync(flags, time, cancellationToken);
            Talk.Write(flags.Text(Format) switch { "json" => ScanReport.Json(result), "sarif" => ScanReport.Sarif(result), _ => ScanReport.Text(result) });
            var failing = result.Findings.Count(finding => finding.Fails);
            if (result.Findings.Count > 0 && flags.Text(Format) == "text")
                Talk.Say($"{result.Findings.Count} found in {result.Scanned} files{(result.PassedOver > 0 ? $" ({result.PassedOver} passed over: binary, linked, or larger than {ScannedFile.MaxBytes >> 20} MiB)" : "")}");
            WarnOfUnread(result);
            return failing > 0 ? ExitCode.Failure : ExitCode.Success;
        }
        catch (Exception failure) when (failure is CommandException or ManifestException)
        {
            // A build must tell "found something" from "could not look".
            Talk.Say($"error: {failure.Message}");
            return ExitCode.Usage;
        }
    }

    /// <summary>Whatever the format, so that nobody who only looks at the log takes what was not read for clean.</summary>
    private static void WarnOfUnread(ScanResult result)
    {
        const int Most = 20;
        var unread = result.Findings.Where(finding => finding.Rule == ScanRule.NotRead).Select(finding => finding.Path).Distinct(StringComparer.Ordinal).ToList();
        foreach (var path in unread.Take(Most)) Talk.Warn($"{path} was not scanned: it is larger than {ScannedFile.MaxBytes >> 20} MiB");
        if (unread.Count > Most) Talk.Warn($"{unread.Count - Most} more were not scanned, for the same reason");
    }

    private static async Task<ScanResult> ScanDiskAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var (items, tracked) = await ScanItems.OnDiskAsync(flags.Arguments.Count > 0 ? flags.Arguments : ["."], cancellationToken);
        return await ScanRun.RunAsync(items, "files", new FileScan(new FolderRules(), new PlainSources(tracked), time), cancellationToken);
    }

    private static async Task<ScanResult> ScanRepositoryAsync(bool history, TimeProvider time, CancellationToken cancellationToken)
    {
        var repository = await GitRepository.OpenAsync(Environment.CurrentDirectory, cancellationToken);
        using var objects = new GitObjects(repository.Root);
        var items = history ? await ScanItems.HistoryAsync(repository, objects, cancellationToken) : await ScanItems.StagedAsync(repository, objects, cancellationToken);
        // What a generator of an old commit read, today's files cannot tell.
        var tracked = history ? [] : (await GitRepository.FilesAsync(repository.Root, cancellationToken)).Select(path => Path.GetFullPath(Path.Combine(repository.Root, path)));
        // The rules that are, or will be, committed with what is scanned: those of the work tree may be somebody's draft.
        var rules = new FolderRules(path => objects.Read($"{(history ? "HEAD" : "")}:{Path.GetRelativePath(repository.Root, path).Replace('\\', '/')}", ScannedFile.MaxBytes));
        var scan = new FileScan(rules, new PlainSources(System.Collections.Frozen.FrozenSet.ToFrozenSet(tracked, StringComparer.Ordinal)), time);
        var result = await ScanRun.RunAsync(items, history ? "versions" : "files", scan, cancellationToken);
        return history ? await ScanRun.WithCommitsAsync(result, repository, cancellationToken) : result;
    }
}
