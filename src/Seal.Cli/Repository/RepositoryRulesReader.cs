using System.Text;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;
using YamlDotNet.RepresentationModel;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>Reads <c>.seal.yaml</c>. A misspelt field would seal for the wrong place in silence, so everything unknown is an error.</summary>
internal sealed class RepositoryRulesReader
{
    private static readonly YamlLimits Limits = new(MaxCharacters: 1 << 20, MaxDepth: 16, MaxNodes: 100_000);

    private readonly string _file;
    private readonly List<Cluster> _clusters = [];

    private RepositoryRulesReader(string file) => _file = file;

    /// <exception cref="CommandException">Not YAML, an unknown field, or a rule that contradicts itself; with line and column.</exception>
    public static RepositoryRules Read(byte[] bytes, string file)
    {
        var text = Encoding.UTF8.GetString(bytes);
        try
        {
            // Duplicate keys and the limits are this reader's; lines and columns are the next one's.
            _ = YamlReader.Read(text, Limits);
        }
        catch (YamlFormatException failure)
        {
            throw new CommandException($"{file}: {failure.Message}", failure);
        }
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents is [{ RootNode: var root }, ..] && root is not YamlScalarNode { Value: "" }
            ? new RepositoryRulesReader(file).Read(new StrictMap(file, root))
            : new RepositoryRules(file, [], [], []);
    }

    private RepositoryRules Read(StrictMap root)
    {
        if (root.Map("clusters") is { } clusters)
        {
            foreach (var name in clusters.Names) _clusters.Add(ReadCluster(name, clusters.Map(name)!));
        }
        var rules = root.Maps("rules").Select(ReadRule).ToList();
        var scan = root.Map("scan");
        var ignored = scan?.Maps("ignore").Select(ReadIgnored).ToList() ?? [];
        scan?.Done();
        root.Done();
        return new RepositoryRules(_file, _clusters, rules, ignored);
    }

    private static Cluster ReadCluster(string name, StrictMap map)
    {
        var cluster = new Cluster(name, map.Text("certificate"), map.Text("context"), map.Text("fingerprint"));
        map.Done();
        if (cluster.Certificate is null == cluster.Context is null)
            throw map.Problem("a cluster has either certificate (a path or a URL) or context (whose certificate `seal cert` keeps)");
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains('{', StringComparison.Ordinal)) throw map.Problem("the name of a cluster is a part of paths: no slashes, no braces");
        return cluster;
    }

    private PathRule ReadRule(StrictMap map)
    {
        var paths = ReadPaths(map);
        var named = map.Texts("cluster").Concat(map.Texts("clusters")).ToList();
        var clusters = named.Count == 0 ? _clusters : named.Select(name => _clusters.Find(cluster => cluster.Name == name)
            ?? throw map.Problem($"cluster \"{name}\" is not under clusters", map.Has("cluster") ? "cluster" : "clusters")).ToList();
        var scope = map.Text("scope");
        if (scope is not null && !SealingScopes.TryParse(scope, out _)) throw map.Problem("scope is strict, namespace-wide or cluster-wide", "scope");
        var rule = new PathRule(paths, clusters, scope is not null && SealingScopes.TryParse(scope, out var parsed) ? parsed : null, map.Text("namespace"), map.Text("name"));
        map.Done();
        if (clusters.Count == 0) throw map.Problem("the rule is for no cluster: put one under clusters");
        foreach (var path in paths.Where(path => clusters.Count > 1 && !path.Captured.Contains(PathPattern.ClusterPlace)))
            throw map.Problem($"\"{path}\" is for {clusters.Count} clusters, but a file is sealed for one: say which by cluster, or put {{cluster}} into the path", "path");
        CheckPlaces(map, paths, rule.Namespace, "namespace", ObjectNames.ProblemOfNamespace);
        CheckPlaces(map, paths, rule.Name, "name", ObjectNames.ProblemOfSecret);
        return rule;
    }

    private static IgnoreEntry ReadIgnored(StrictMap map)
    {
        var entry = new IgnoreEntry(ReadPaths(map), map.Texts("rules"));
        _ = map.Text("reason");
        map.Done();
        return entry;
    }

    private static List<PathPattern> ReadPaths(StrictMap map)
    {
        var texts = map.Texts("path");
        if (texts.Count == 0) throw map.Problem("path is missing: the files that this is about");
        return [.. texts.Select(text => PathPattern.TryCreate(text, out var problem) ?? throw map.Problem(problem, "path"))];
    }

    /// <param name="problem">Says why nothing can be named so.</param>
    private static void CheckPlaces(StrictMap map, List<PathPattern> paths, string? text, string field, Func<string, string?> problem)
    {
        if (text is null) return;
        foreach (var path in paths)
        {
            // Whatever a place stands for, it is a letter at least.
            var filled = path.Captured.Aggregate(text, (rest, place) => rest.Replace($"{{{place}}}", "x", StringComparison.Ordinal));
            if (filled.Contains('{', StringComparison.Ordinal)) throw map.Problem($"{field} names a place that \"{path}\" does not tell", field);
            if (problem(filled) is not null) throw map.Problem($"the rule for \"{path}\": {problem(text)}", field);
        }
    }
}
