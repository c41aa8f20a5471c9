using System.Collections.Concurrent;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Repository;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>The <c>.seal.yaml</c> and <c>.sops.yaml</c> that count for each folder, read once.</summary>
/// <param name="read">Gives a file by its full path, or null when there is none: those of the index or of a commit; null for those on disk.</param>
internal sealed class FolderRules(Func<string, byte[]?>? read = null)
{
    private readonly ConcurrentDictionary<string, Lazy<RepositoryRules?>> _sealing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<(CreationRules Rules, string Folder)?>> _sops = new(StringComparer.Ordinal);

    /// <exception cref="CommandException">The file is there and wrong: scanning on without it would say less than it seems to.</exception>
    public RepositoryRules? SealingFor(string fullPath) =>
        _sealing.GetOrAdd(Path.GetDirectoryName(fullPath)!, _ => new Lazy<RepositoryRules?>(() => RepositoryRules.FindFor(fullPath, read))).Value;

    /// <summary>The creation rule that says of this very file, not of all files, that it is to be encrypted.</summary>
    public CreationRule? SopsFor(string fullPath)
    {
        var found = _sops.GetOrAdd(Path.GetDirectoryName(fullPath)!, folder => new Lazy<(CreationRules, string)?>(() => ReadSops(folder))).Value;
        if (found is not var (rules, root)) return null;
        var path = Path.GetRelativePath(root, fullPath).Replace('\\', '/');
        // A pattern that takes any name of this kind says how to encrypt, not what.
        return rules.Match(path) is { Path: { } pattern } rule && !pattern.IsMatch("any-folder/0a9z8y" + Path.GetExtension(path)) && !pattern.IsMatch("0a9z8y" + Path.GetExtension(path)) ? rule : null;
    }

    private (CreationRules Rules, string Folder)? ReadSops(string start)
    {
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, CreationRules.FileName);
            if ((read is not null ? read(candidate) : File.Exists(candidate) ? InputFile.Read(candidate) : null) is { } bytes)
            {
                try
                {
                    return (CreationRules.Parse(bytes), folder);
                }
                catch (SopsException failure)
                {
                    Talk.Warn($"{candidate}: {failure.Message}; scanned without it");
                    return null;
                }
            }
            if (Path.Exists(Path.Combine(folder, ".git"))) return null;
        }
        return null;
    }
}
