using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>
/// The kubeconfig files of a user, merged as kubectl merges them: of two entries with one name the first stays, and so does the first
/// current-context. Paths inside are made relative to the file that they stand in.
/// </summary>
internal sealed class Kubeconfig
{
    private readonly Dictionary<string, JsonObject> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _users = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];

    private Kubeconfig() { }

    public string? CurrentContext { get; private set; }

    /// <summary>What was read, in order; named in errors.</summary>
    public string Source => _files.Count == 0 ? "no kubeconfig" : string.Join(Path.PathSeparator, _files);

    public bool IsEmpty => _clusters.Count + _contexts.Count + _users.Count == 0;

    public JsonObject? Cluster(string? name) => name is null ? null : _clusters.GetValueOrDefault(name);

    public JsonObject? Context(string? name) => name is null ? null : _contexts.GetValueOrDefault(name);

    public JsonObject? User(string? name) => name is null ? null : _users.GetValueOrDefault(name);

    /// <param name="explicitPath">The value of <c>--kubeconfig</c>: must exist, and is the only one read.</param>
    /// <exception cref="CommandException">A file that cannot be read or is no kubeconfig.</exception>
    public static Kubeconfig Load(string? explicitPath)
    {
        var config = new Kubeconfig();
        if (explicitPath is not null)
        {
            config.Add(explicitPath);
            return config;
        }
        var list = Environment.GetEnvironmentVariable("KUBECONFIG");
        var paths = string.IsNullOrEmpty(list)
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")]
            : list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var path in paths.Where(File.Exists)) config.Add(path);
        return config;
    }

    private void Add(string path)
    {
        JsonNode? root;
        try
        {
            root = YamlReader.Read(Encoding.UTF8.GetString(InputFile.Read(path)));
        }
        catch (YamlFormatException failure)
        {
            throw new CommandException($"error loading config file \"{path}\": {failure.Message}", failure);
        }
        if (root is null) return;
        if (root is not JsonObject file) throw new CommandException($"error loading config file \"{path}\": it is no kubeconfig");
        _files.Add(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Merge(_clusters, file, "clusters", "cluster", folder);
        Merge(_contexts, file, "contexts", "context", folder);
        Merge(_users, file, "users", "user", folder);
        CurrentContext ??= file.Text("current-context");
    }

    private static void Merge(Dictionary<string, JsonObject> into, JsonObject file, string list, string field, string folder)
    {
        foreach (var entry in (file[list] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (entry.Text("name") is not { } name) continue;
            var value = entry[field] as JsonObject ?? [];
            foreach (var path in (string[])["certificate-authority", "client-certificate", "client-key", "tokenFile"])
            {
                if (value.Text(path) is { } relative) value[path] = Path.Combine(folder, relative);
            }
            // A bare command is looked up in PATH; one with a separator is meant relative to the file.
            if (value["exec"] is JsonObject exec && exec.Text("command") is { } command && command.Contains(Path.DirectorySeparatorChar))
                exec["command"] = Path.Combine(folder, command);
            into.TryAdd(name, value);
        }
    }
}
