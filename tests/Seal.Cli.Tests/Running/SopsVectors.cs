using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>What sops made; <c>tests/vectors/sops/README.md</c> describes the files.</summary>
internal static class SopsVectors
{
    public static string Folder { get; } = Path.Combine(Path.GetDirectoryName(Vectors.Folder)!, "sops");

    private static JsonObject Manifest { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!.AsObject();

    public static IReadOnlyList<JsonObject> Cases { get; } = Entries("cases", 27);

    public static IReadOnlyList<JsonObject> Negatives { get; } = Entries("negative", 13);

    public static string Recipient(string key) => (string)Manifest["keys"]![key]!["public"]!;

    public static string Identity(string key) => File.ReadAllLines(KeyFile(key)).Single(line => line.StartsWith("AGE-SECRET-KEY-", StringComparison.Ordinal));

    public static string KeyFile(string key) => PathOf((string)Manifest["keys"]![key]!["file"]!);

    public static string PathOf(string file) => Path.Combine(Folder, file);

    private static List<JsonObject> Entries(string list, int least)
    {
        var entries = Manifest[list]!.AsArray().Select(entry => entry!.AsObject()).ToList();
        return entries.Count >= least ? entries : throw new InvalidOperationException("vectors are missing");
    }
}
