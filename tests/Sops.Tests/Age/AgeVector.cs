using System.IO.Compression;
using System.Text;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops.Tests.Age;

/// <summary>One file of C2SP/CCTV age: what to expect, with which identities, and the age file.</summary>
internal sealed record AgeVector(string Name, string Expect, string? PayloadSha256, byte[]? FileKey, IReadOnlyList<IAgeIdentity> Identities, bool Armored, byte[] File)
{
    /// <summary>The published set has this many; fewer means that some were lost on the way.</summary>
    public const int Count = 143;

    public static IReadOnlyList<AgeVector> All { get; } = LoadAll();

    public static AgeVector Get(string name) => All.Single(v => v.Name == name);

    private static List<AgeVector> LoadAll()
    {
        var vectors = Directory.GetFiles(Path.Combine(VectorFiles.Folder("age"), "cctv")).Order(StringComparer.Ordinal).Select(Load).ToList();
        return vectors.Count == Count ? vectors : throw new InvalidDataException($"{vectors.Count} age vectors, not {Count}");
    }

    private static AgeVector Load(string path)
    {
        var content = System.IO.File.ReadAllBytes(path);
        var split = content.AsSpan().IndexOf("\n\n"u8);
        var fields = Encoding.UTF8.GetString(content, 0, split).Split('\n').Select(l => l.Split(": ", 2)).ToLookup(p => p[0], p => p[1]);
        var file = content[(split + 2)..];
        if (fields["compressed"].Contains("zlib")) file = Inflate(file);
        IAgeIdentity[] identities =
        [
            .. fields["identity"].SelectMany(AgeIdentities.Parse),
            .. fields["passphrase"].Select(p => new ScryptIdentity(Encoding.UTF8.GetBytes(p))),
        ];
        return new AgeVector(
            Path.GetFileName(path),
            fields["expect"].Single(),
            fields["payload"].SingleOrDefault(),
            fields["file key"].SingleOrDefault() is { } key ? Convert.FromHexString(key) : null,
            identities,
            fields["armored"].Contains("yes"),
            file);
    }

    private static byte[] Inflate(byte[] data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var output = new MemoryStream();
        zlib.CopyTo(output);
        return output.ToArray();
    }
}
