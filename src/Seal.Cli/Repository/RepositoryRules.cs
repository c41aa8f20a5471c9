using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>A repository's <c>.seal.yaml</c>: which certificate, scope and namespace belong to which paths.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Clusters">In order.</param>
/// <param name="Rules">In order; the first that matches counts.</param>
/// <param name="Ignored">What a scan does not report.</param>
internal sealed record RepositoryRules(string File, IReadOnlyList<Cluster> Clusters, IReadOnlyList<PathRule> Rules, IReadOnlyList<IgnoreEntry> Ignored)
{
    public const string FileName = ".seal.yaml";
    private const int MaxFoldersUp = 100;
    private const string ClusterWord = "{" + PathPattern.ClusterPlace + "}";

    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File))!;

    /// <summary>The rules that count for a file: those of its folder, or of the nearest above, up to the root of the repository.</summary>
    /// <param name="file">Need not exist.</param>
    /// <param name="read">Gives a file by its full path, or null; else the disk does.</param>
    /// <returns>Null when there are none.</returns>
    /// <exception cref="CommandException">They cannot be read.</exception>
    public static RepositoryRules? FindFor(string file, Func<string, byte[]?>? read = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        for (var i = 0; folder is not null && i < MaxFoldersUp; i++, folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, FileName);
            if ((read is not null ? read(candidate) : System.IO.File.Exists(candidate) ? InputFile.Read(candidate) : null) is { } bytes) return RepositoryRulesReader.Read(bytes, candidate);
            if (Path.Exists(Path.Combine(folder, ".git"))) return null;
        }
        return null;
    }

    /// <summary>What the rules say of a path without <c>{cluster}</c>; null when none matches.</summary>
    public SealingPlace? Find(string file)
    {
        var path = Relative(file);
        foreach (var rule in Rules)
        {
            foreach (var pattern in rule.Paths)
            {
                if (pattern.Match(path) is { } places && ClusterOf(rule, places) is { } cluster)
                {
                    return new SealingPlace(file, cluster, rule.Scope, Fill(rule.Namespace, places, PathPattern.NamespacePlace), Fill(rule.Name, places, PathPattern.NamePlace)) { Rule = pattern.Text };
                }
            }
        }
        return null;
    }

    /// <summary>As <see cref="Find"/>, for who seals there.</summary>
    /// <exception cref="CommandException">The rule takes a name or namespace from the path that nothing can have: the value would open nowhere.</exception>
    public SealingPlace? FindToSeal(string file)
    {
        var place = Find(file);
        return ObjectNames.Problems(place?.Namespace, place?.Name).FirstOrDefault() is { } problem
            ? throw new CommandException($"{file}: {problem}; so says the rule for \"{place!.Rule}\" in {File}")
            : place;
    }

    /// <summary>As <see cref="FindToSeal"/>; a path with <c>{cluster}</c> stands for one file for each cluster whose rule matches.</summary>
    /// <exception cref="CommandException">No rule matches, or one says what cannot be.</exception>
    public IReadOnlyList<SealingPlace> FindAll(string file)
    {
        IReadOnlyList<SealingPlace> found = file.Contains(ClusterWord, StringComparison.Ordinal)
            ? [.. Clusters.Select(cluster => (cluster, Place: FindToSeal(file.Replace(ClusterWord, cluster.Name, StringComparison.Ordinal))))
                .Where(pair => pair.Place?.Cluster == pair.cluster).Select(pair => pair.Place!)]
            : FindToSeal(file) is { } place ? [place] : [];
        if (found.Count > 0) return found;
        throw new CommandException(UnknownCluster(file) is { } name
            ? $"{file}: {File} has no cluster \"{name}\" for this path, but {string.Join(", ", Clusters.Select(cluster => cluster.Name))}"
            : $"{file}: no rule of {File} matches; add one, or name a certificate with --cert");
    }

    /// <summary>Where a rule would match if there were such a cluster.</summary>
    private string? UnknownCluster(string file)
    {
        var path = Relative(file);
        return Rules.SelectMany(rule => rule.Paths).Select(pattern => pattern.Match(path)?.GetValueOrDefault(PathPattern.ClusterPlace)).FirstOrDefault(name => name is not null && Clusters.All(cluster => cluster.Name != name) && !name.Contains('{', StringComparison.Ordinal));
    }

    /// <summary>A path as the patterns see it.</summary>
    public string Relative(string file) => Path.GetRelativePath(Folder, Path.GetFullPath(file)).Replace('\\', '/');

    public bool IsIgnored(string file, string rule) => Ignored.Count > 0 && Relative(file) is var path && Ignored.Any(entry => entry.Covers(path, rule));

    private static Cluster? ClusterOf(PathRule rule, IReadOnlyDictionary<string, string> places) =>
        places.TryGetValue(PathPattern.ClusterPlace, out var name) ? rule.Clusters.FirstOrDefault(cluster => cluster.Name == name) : rule.Clusters[0];

    private static string? Fill(string? text, IReadOnlyDictionary<string, string> places, string own)
    {
        if (text is null) return places.GetValueOrDefault(own);
        foreach (var (place, value) in places) text = text.Replace($"{{{place}}}", value, StringComparison.Ordinal);
        return text;
    }
}
