using System.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>The definitions that the operator of a cluster wrote: files of a folder, as a mounted ConfigMap is one.</summary>
public sealed class OwnDefinitions
{
    private const int MostFiles = 100;
    private const int LongestFile = 256 * 1024;

    private OwnDefinitions(IReadOnlyDictionary<string, Definition> byName) => ByName = byName;

    public static OwnDefinitions None { get; } = new(new Dictionary<string, Definition>(StringComparer.Ordinal));

    public IReadOnlyList<string> Names => [.. ByName.Keys.Order(StringComparer.Ordinal)];

    internal IReadOnlyDictionary<string, Definition> ByName { get; }

    /// <summary>Reads <c>*.yaml</c>, <c>*.yml</c> and <c>*.json</c> of a folder; what starts with a dot, as the links of a mounted ConfigMap do, is passed over.</summary>
    /// <exception cref="DefinitionException">The folder is not there or has no definition, or a file is none: all mistakes, a line each.</exception>
    public static OwnDefinitions Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new DefinitionException($"the folder {folder} is not there");
        var files = Directory.GetFiles(folder).Where(IsDefinition).Order(StringComparer.Ordinal).ToList();
        if (files.Count is 0 or > MostFiles) throw new DefinitionException($"the folder {folder} must hold between 1 and {MostFiles} files *.yaml, *.yml or *.json, and holds {files.Count}");
        var read = new Dictionary<string, Definition>(StringComparer.Ordinal);
        var mistakes = new List<string>();
        foreach (var file in files)
        {
            try
            {
                if (new FileInfo(file).Length > LongestFile) throw new DefinitionException($"{Path.GetFileName(file)} is longer than {LongestFile} bytes");
                var definition = DefinitionReader.Read(Path.GetFileName(file), File.ReadAllText(file, Encoding.UTF8));
                if (!read.TryAdd(definition.Name, definition)) throw new DefinitionException($"{Path.GetFileName(file)}: name \"{definition.Name}\" is that of another file too");
            }
            catch (DefinitionException failure)
            {
                mistakes.Add(failure.Message);
            }
        }

        return mistakes.Count == 0 ? new OwnDefinitions(read) : throw new DefinitionException(string.Join('\n', mistakes));
    }

    public override string ToString() => string.Join(", ", Names);

    private static bool IsDefinition(string file) => !Path.GetFileName(file).StartsWith('.') && Path.GetExtension(file) is ".yaml" or ".yml" or ".json";
}
