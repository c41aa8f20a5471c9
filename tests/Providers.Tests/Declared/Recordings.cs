using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>What stores are asked and what they answer, made from their vendors' documentation: tests/vectors/providers/NAME/exchanges.yaml.</summary>
internal static class Recordings
{
    public static IReadOnlyList<string> Names => [.. Directory.GetDirectories(Folder()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static JsonObject Read(string name) => YamlReader.Read(File.ReadAllText(Path.Combine(Folder(), name, "exchanges.yaml")))!.AsObject();

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GitOpsSecrets.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    /// <summary>A part of a recording with the address of the server that plays it, or its host and port alone.</summary>
    public static JsonNode At(JsonNode part, Uri server) => JsonNode.Parse(Placed(part.ToJsonString(), server))!;

    /// <summary>As <see cref="At"/>, of text.</summary>
    public static string Placed(string text, Uri server) => text.Replace("{server}", server.ToString().TrimEnd('/'), StringComparison.Ordinal).Replace("{host}", server.Authority, StringComparison.Ordinal);

    private static string Folder() => Path.Combine(Root(), "tests", "vectors", "providers");
}
