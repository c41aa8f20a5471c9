using System.Reflection;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>The definitions that come with the program, one a vendor, in src/Providers/Declared/Definitions. A file has its definition's name.</summary>
internal static class BuiltInDefinitions
{
    private const string Folder = "Definitions/";
    private const string Extension = ".yaml";

    public static IEnumerable<string> Names => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(file => file.StartsWith(Folder, StringComparison.Ordinal))
        .Select(file => file[Folder.Length..^Extension.Length])
        .Order(StringComparer.Ordinal);

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static Definition Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name + Extension)!);
        return DefinitionReader.Read(name + Extension, reader.ReadToEnd());
    }
}
