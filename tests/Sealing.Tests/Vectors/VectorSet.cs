using System.Text.Json.Nodes;
using GitOpsSecrets.Sealing.Rsa;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>The files made by the original. Finding none is an error, so that the tests over them cannot pass by running over nothing.</summary>
internal static class VectorSet
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "vectors", "sealed");

    public static IReadOnlyList<VectorCase> All { get; } = Load();

    public static VectorCase Case(string id) => All.Single(c => c.Id == id);

    /// <summary>Ids of the cases of one kind, as theory data.</summary>
    public static TheoryData<string> Ids(params string[] kinds)
    {
        var ids = All.Where(c => kinds.Contains(c.Kind)).Select(c => c.Id).ToArray();
        return ids.Length > 0 ? new TheoryData<string>(ids) : throw new InvalidDataException($"no vectors of kind {string.Join(", ", kinds)}");
    }

    public static string KeyFile(string name) => File.ReadAllText(Path.Combine(Root, "keys", name));

    public static SealingCertificate Certificate(string id)
    {
        Assert.True(SealingCertificate.TryLoad(KeyFile(id + ".crt"), out var certificate, out var failure), failure?.Message);
        return certificate;
    }

    public static SealingPrivateKey PrivateKey(string id) => PrivateKey(id, OaepBackend.Load);

    public static SealingPrivateKey PrivateKey(string id, LoadDecryptor backend)
    {
        Assert.True(SealingPrivateKey.TryLoad(KeyFile(id + ".key"), backend, out var key, out var failure), failure?.Message);
        return key;
    }

    public static KeyRing Ring(params IEnumerable<string> ids) => Ring(OaepBackend.Load, ids);

    public static KeyRing Ring(LoadDecryptor backend, params IEnumerable<string> ids) => KeyRing.Of(ids.Select(id =>
    {
        Assert.True(SealingKey.TryCreate(PrivateKey(id, backend), Certificate(id), null, out var key, out var failure), failure?.Message);
        return key;
    }));

    private static List<VectorCase> Load()
    {
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "index.json")))!;
        var cases = index["cases"]!.AsArray().Select(c => new VectorCase(c!.AsObject(), Root)).ToList();
        return cases.Count >= 59 ? cases : throw new InvalidDataException($"{cases.Count} vectors under {Root}, at least 59 expected");
    }
}
