using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Repository;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal unset FILE KEY</c>: takes an item out of a sealed file.</summary>
internal sealed class UnsetCommand : ICommand
{
    public string Name => "unset";

    public string Arguments => "[flags] FILE KEY…";

    public string Summary => "Takes items out of a sealed file, in place";

    public string Description => """
        Needs no key and no certificate. Comments and order stay. With {cluster} in FILE, in the file of every cluster whose rule in
        .seal.yaml matches. What the item was stays in the history of the repository, readable with the private key: change the
        password itself if it should be worthless.

        Example:
          seal unset overlays/production/secret.yaml db-password
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Which", [SealingRequest.Name])];

    public Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var file, _, ..]) throw new UsageException("unset needs a file and the name of an item");
        var items = flags.Arguments.Skip(1).Distinct().ToList();
        foreach (var item in items) SealingRequest.CheckItem(item);
        var files = file.Contains("{cluster}", StringComparison.Ordinal)
            ? (RepositoryRules.FindFor(file) ?? throw new CommandException($"{file}: {{cluster}} needs a {RepositoryRules.FileName} that names clusters; there is none above")).FindAll(file).Select(place => place.File).ToList()
            : [file];
        var changed = files.Select(path => (Path: path, File: Unset(path, items, flags.TextOrNull(SealingRequest.Name)))).ToList();
        foreach (var (path, sealedFile) in changed)
        {
            sealedFile.Save();
            if (!sealedFile.LayoutKept) Talk.Warn($"{path}: its layout does not allow changes in place; comments are lost");
            Talk.Write($"unset {string.Join(", ", items)} in {path}\n");
        }
        return Task.FromResult(ExitCode.Success);
    }

    private static SealedFile Unset(string path, List<string> items, string? name)
    {
        var file = SealedFile.Open(path, name);
        foreach (var item in items)
        {
            if (!file.Has(item)) throw new CommandException($"{path} has no item \"{item}\"; nothing was changed");
            file.Unset(item);
        }
        return file;
    }
}
