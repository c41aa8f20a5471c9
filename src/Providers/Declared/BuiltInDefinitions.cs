using System.Reflection;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>The definitions that come with the program, one a vendor, in src/Providers/Declared/Definitions.</summary>
internal static class BuiltInDefinitions
{
    private const string Folder = "Definitions/";
    private static readonly Lazy<IReadOnlyList<Definition>> Read = new(ReadAll);

    public static IReadOnlyList<Definition> All => Read.Value;

    private static List<Definition> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return DefinitionReader.Read(name[Folder.Length..], reader.ReadToEnd());
        })];
    }
}
