using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Crds;

/// <summary>The files that the definitions (CRDs) are kept in: one a kind, once for kubectl and kustomize, once in the chart.</summary>
internal static class DefinitionFiles
{
    private const string Head = "# Made from the records of src/Api by `dotnet run --project eng/Crds`; change those, not this.\n";
    private static readonly string[] Folders = ["deploy/crds", "deploy/helm/gitopssecrets/crds"];

    /// <returns>Paths from the root of the repository, with the text of each.</returns>
    public static IEnumerable<(string Path, string Text)> All() =>
        from definition in Definitions.All()
        let text = Head + YamlWriter.Write(definition)
        from folder in Folders
        select ($"{folder}/{(string)definition["metadata"]!["name"]!}.yaml", text);
}
