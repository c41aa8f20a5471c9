using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>What kubeseal made and said; <c>tests/vectors/sealed/README.md</c> describes the files.</summary>
internal static class Vectors
{
    public static string Folder { get; } = FindFolder();

    public static IReadOnlyList<JsonObject> Cases { get; } = LoadCases();

    public static JsonObject Case(string id) => Cases.Single(entry => (string)entry["id"]! == id);

    public static TheoryData<string> Ids(params string[] kinds)
    {
        var ids = new TheoryData<string>();
        foreach (var entry in Cases.Where(entry => kinds.Contains((string)entry["kind"]!))) ids.Add((string)entry["id"]!);
        return ids.Count > 0 ? ids : throw new InvalidOperationException($"no vector of kind {string.Join(", ", kinds)}");
    }

    public static string PathOf(JsonObject entry, string role) =>
        Path.Combine(Folder, (string)entry["dir"]!, (string)entry["files"]![role]!);

    /// <summary>Value of the flag that names the private keys of a case.</summary>
    public static string Keys(JsonObject entry) =>
        string.Join(',', entry["keys"]!.AsArray().Select(key => Path.Combine(Folder, "keys", $"{key}.key")));

    /// <summary>Item → plaintext, base64.</summary>
    public static SortedDictionary<string, string> Expected(JsonNode entry, string folder)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (item, value) in entry["expected"]!.AsObject())
        {
            expected[item] = (string?)value!["b64"]
                ?? Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, (string)value["file"]!)));
        }
        return expected;
    }

    private static List<JsonObject> LoadCases()
    {
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "index.json")))!;
        var cases = index["cases"]!.AsArray().Select(entry => entry!.AsObject()).ToList();
        return cases.Count >= 59 ? cases : throw new InvalidOperationException("vectors are missing");
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors", "sealed");
            if (Directory.Exists(candidate)) return candidate;
        }
        throw new DirectoryNotFoundException("tests/vectors/sealed is above no folder of the test program");
    }
}
