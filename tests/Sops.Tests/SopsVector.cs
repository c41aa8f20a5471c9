using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>An entry of <c>tests/vectors/sops/manifest.json</c>: files made by the original.</summary>
/// <param name="Id">Name.</param>
/// <param name="Format">Its format.</param>
/// <param name="Sealed">The encrypted file.</param>
/// <param name="Plain">What the original decrypts it to; null for those it refuses.</param>
/// <param name="Identities">Names of keys: each alone opens a case; a negative is offered all of them.</param>
/// <param name="Groups">With several key groups, the names of the keys of each.</param>
/// <param name="Threshold">Groups needed.</param>
internal sealed record SopsVector(string Id, SopsFormat Format, byte[] Sealed, byte[]? Plain, IReadOnlyList<string> Identities, IReadOnlyList<IReadOnlyList<string>> Groups, int Threshold)
{
    private static readonly JsonNode Manifest = JsonNode.Parse(VectorFiles.Read("sops", "manifest.json"))!;

    public static IReadOnlyList<SopsVector> Cases { get; } = Load("cases", "encrypted", atLeast: 27);

    public static IReadOnlyList<SopsVector> Negatives { get; } = Load("negative", "file", atLeast: 13);

    public static IReadOnlyList<SopsVector> Malleable { get; } = Load("malleable", "file", atLeast: 8);

    public static SopsVector Get(string id) => Cases.Concat(Negatives).Concat(Malleable).Single(v => v.Id == id);

    /// <summary>The text of a key file.</summary>
    public static string KeyText(string name) =>
        File.ReadAllText(Path.Combine(VectorFiles.Folder("sops"), Manifest["keys"]![name]!["file"]!.GetValue<string>()));

    public static string PublicKey(string name) => Manifest["keys"]![name]!["public"]!.GetValue<string>();

    private static List<SopsVector> Load(string list, string fileField, int atLeast)
    {
        var vectors = Manifest[list]!.AsArray().Select(e => Load(e!, fileField)).ToList();
        return vectors.Count >= atLeast ? vectors : throw new JsonException($"{vectors.Count} vectors in {list}, not {atLeast}");
    }

    private static SopsVector Load(JsonNode entry, string fileField)
    {
        var plain = entry["plain"] ?? entry["sops_output"];
        return new SopsVector(
            entry["id"]!.GetValue<string>(),
            Enum.Parse<SopsFormat>(entry["format"]!.GetValue<string>(), ignoreCase: true),
            VectorFiles.Read("sops", entry[fileField]!.GetValue<string>()),
            plain is null ? null : VectorFiles.Read("sops", plain.GetValue<string>()),
            Names(entry["any_one_of"] ?? entry["identities"]),
            [.. (entry["key_groups"]?.AsArray() ?? []).Select(Names)],
            entry["threshold"]?.GetValue<int>() ?? 0);
    }

    private static List<string> Names(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(n => n!.GetValue<string>())];
}
