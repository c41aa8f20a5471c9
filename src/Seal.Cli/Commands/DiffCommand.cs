using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Differences;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Git;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal diff</c>: a change explained without any value.</summary>
internal sealed class DiffCommand : ICommand
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private const int DriverArguments = 7;

    private static readonly Flag Staged = new("staged", FlagKind.Toggle, "what is about to be committed, against HEAD or REV") { FromEnvironment = false };
    private static readonly Flag NoIndex = new("no-index", FlagKind.Toggle, "compare two files, without git") { FromEnvironment = false };
    private static readonly Flag Driver = new("driver", FlagKind.Toggle, "as git's external diff: PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE") { FromEnvironment = false };
    private static readonly Flag TextConversion = new("textconv", FlagKind.Toggle, "as git's textconv: FILE with digests for ciphertexts") { FromEnvironment = false };
    private static readonly Flag ExitCodeFlag = new("exit-code", FlagKind.Toggle, "exit with 1 when something differs") { FromEnvironment = false };
    private static readonly Flag Format = new("format", FlagKind.Text, "text or json") { Value = "FORMAT", Default = "text", Choices = ["text", "json"], FromEnvironment = false };

    public string Name => "diff";

    public string Arguments => "[flags] [REV [REV]] [PATH…]";

    public string Summary => "Explains what changed in sealed files, without revealing values";

    public string Description => """
        Between the last commit and the work tree, a revision and the work tree, or two revisions (A B, or A..B). Tells which items of
        SealedSecrets were added, removed or sealed again, for which scope, name and namespace, and what else of them changed; for SOPS
        files which keys changed and which recipients came or went. Needs no private key. A side that cannot be read is named, with exit code 1.

        Examples:
          seal diff
          seal diff origin/main HEAD overlays/production
          seal diff --no-index old.yaml new.yaml
          git config diff.seal.command 'seal diff --driver' && echo '*.yaml diff=seal' >> .gitattributes
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Differences", [Staged, Format, ExitCodeFlag, NoIndex, Driver, TextConversion])];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.On(TextConversion))
        {
            Talk.Write(HiddenText.Of(InputFile.Read(flags.Arguments is [var file] ? file : throw new UsageException("--textconv takes one file"))));
            return ExitCode.Success;
        }
        var files = flags.On(Driver) ? await CompareForGitAsync(flags.Arguments, cancellationToken)
            : flags.On(NoIndex) ? [CompareFiles(flags.Arguments)]
            : await CompareRevisionsAsync(flags, cancellationToken);
        Talk.Write(flags.Text(Format) == "json" ? DifferenceReport.Json(files) : DifferenceReport.Text(files));
        // git takes any other code of its own call as the end of everything; it shows the text.
        if (flags.On(Driver)) return ExitCode.Success;
        var unread = files.SelectMany(found => found.Unread.Select(side => $"{found.Path}: {side.Text}")).ToList();
        foreach (var side in unread) Talk.Say($"error: {side}");
        return unread.Count > 0 || (flags.On(ExitCodeFlag) && files.Any(found => found.Changes.Count > 0)) ? ExitCode.Failure : ExitCode.Success;
    }

    private static FileDifference CompareFiles(IReadOnlyList<string> arguments) => arguments is [var before, var after]
        ? FileComparison.Run(after, new FileVersion(before, InputFile.Read(before)), new FileVersion(after, InputFile.Read(after)))
        : throw new UsageException("--no-index takes two files");

    private static async Task<IReadOnlyList<FileDifference>> CompareForGitAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // An unmerged path comes alone; a renamed one with two more words behind.
        if (arguments is [var unmerged]) return [new FileDifference(unmerged, [new Difference("unmerged", "conflict", null, "has not been merged")])];
        if (arguments.Count < DriverArguments) throw new UsageException("--driver takes the seven arguments that git gives");
        var (path, before, after) = (arguments[0], arguments[1], arguments[4]);
        var found = FileComparison.Run(path, new FileVersion(path, ReadSide(before)), new FileVersion(path, ReadSide(after)));
        if (found.Changes.Count > 0) return [found];
        // Nothing sealed in it: as git itself would show it.
        var (_, output, _) = await GitProcess.RunAsync(Environment.CurrentDirectory, ["diff", "--no-index", "--no-ext-diff", "--", before, after], cancellationToken);
        Talk.Write(output);
        return [];
    }

    private static byte[]? ReadSide(string path) => path is "/dev/null" or "nul" ? null : InputFile.Read(path);

    private static async Task<IReadOnlyList<FileDifference>> CompareRevisionsAsync(ParsedFlags flags, CancellationToken cancellationToken)
    {
        var repository = await OpenAsync(flags, cancellationToken);
        var (revisions, paths) = await SplitAsync(repository, flags.Arguments, cancellationToken);
        if (flags.On(Staged) && revisions.Count > 1) throw new UsageException("--staged takes one revision at most");
        // Without any, git compares with the index; people ask what they changed.
        if (revisions.Count == 0 && !flags.On(Staged) && await repository.IsRevisionAsync("HEAD", cancellationToken)) revisions.Add("HEAD");
        var changes = await GitRepository.DifferencesAsync(Environment.CurrentDirectory, flags.On(Staged), revisions, paths, cancellationToken);
        using var objects = new GitObjects(repository.Root);
        var files = new List<FileDifference>();
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = ReadObject(objects, change.Path, change.OldId);
            var after = change.NewId is null && !change.Deleted ? new FileVersion(change.Path, ReadWorkTree(Path.Combine(repository.Root, change.Path))) : ReadObject(objects, change.Path, change.NewId);
            files.Add(FileComparison.Run(change.Path, before, after));
        }
        return files;
    }

    private static async Task<GitRepository> OpenAsync(ParsedFlags flags, CancellationToken cancellationToken)
    {
        try
        {
            return await GitRepository.OpenAsync(Environment.CurrentDirectory, cancellationToken);
        }
        catch (CommandException failure) when (flags.Arguments.Count > 0 && flags.Arguments.All(File.Exists))
        {
            throw new CommandException($"{failure.Message}\nTwo files are compared without git by: seal diff --no-index OLD NEW", failure);
        }
    }

    private static FileVersion ReadObject(GitObjects objects, string path, string? id)
    {
        if (id is null) return new FileVersion(path, null);
        return objects.TryRead(id, MaxBytes, out var content) ? new FileVersion(path, content) : new FileVersion(path, null, $"{path}: larger than {MaxBytes >> 20} MiB");
    }

    private static byte[]? ReadWorkTree(string path) => File.Exists(path) ? InputFile.Read(path) : null;

    private static async Task<(List<string> Revisions, List<string> Paths)> SplitAsync(GitRepository repository, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var revisions = new List<string>();
        var paths = new List<string>();
        foreach (var argument in arguments)
        {
            var words = argument.Split("..");
            if (Path.Exists(argument) || paths.Count > 0) paths.Add(argument);
            else if (words is [{ Length: > 0 } from, { Length: > 0 } to] && await repository.IsRevisionAsync(from, cancellationToken) && await repository.IsRevisionAsync(to, cancellationToken)) revisions.AddRange(words);
            else if (await repository.IsRevisionAsync(argument, cancellationToken)) revisions.Add(argument);
            else if (revisions.Count > 0) paths.Add(argument); // a file that is gone
            else throw new CommandException($"\"{argument}\" is neither a revision nor a path");
        }
        return revisions.Count <= 2 ? (revisions, paths) : throw new UsageException("diff takes two revisions at most");
    }
}
