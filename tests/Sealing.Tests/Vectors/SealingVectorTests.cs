using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>What we seal equals what the original sealed, byte for byte outside the ciphertexts; those open to the same.</summary>
public sealed class SealingVectorTests
{
    public static TheoryData<string> Cases() => VectorSet.Ids("seal");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sealing_writes_what_the_original_writes(string id)
    {
        var vector = VectorSet.Case(id);
        var secret = Input(vector);

        var result = Sealer.Seal(secret, VectorSet.Certificate(vector.Keys[0]), hint: false);

        Assert.True(result.Succeeded, result.Failure?.Message);
        var original = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;
        Assert.Equal(vector.File("sealed_json"), Print(original));
        Assert.Equal(Print(Blank(original)), Print(Blank(result.SealedSecret)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_we_seal_opens_to_what_the_original_sealed(string id)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);
        var sealedSecret = Sealer.Seal(Input(vector), VectorSet.Certificate(vector.Keys[0]), hint: true).SealedSecret!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.True(result.Succeeded, result.Failure?.Explanation);
        Assert.Equal(vector.Expected(), new SortedDictionary<string, byte[]>(result.Opened.Secret.Data!.ToDictionary(e => e.Key, e => e.Value!), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("30-raw-strict")]
    [InlineData("31-raw-namespace-wide")]
    [InlineData("32-raw-cluster-wide")]
    public void A_raw_item_opens_in_its_place(string id)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);
        Assert.True(SealingScopes.TryParse(vector.Scope, out var scope));
        var item = Sealer.SealItem(vector.Bytes("value"), scope, vector.Namespace, vector.Name, VectorSet.Certificate("main"));
        var around = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;
        var sealedSecret = around with { Spec = around.Spec with { EncryptedData = new(StringComparer.Ordinal) { ["v"] = item } } };

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.True(result.Succeeded, result.Failure?.Explanation);
        Assert.Equal(vector.Bytes("value"), result.Opened.Secret.Data!["v"]);
    }

    /// <summary>The input as the CLI hands it over: name, namespace and scope options applied.</summary>
    private static Secret Input(VectorCase vector)
    {
        var secret = YamlReader.Read(vector.File("input_secret")).Deserialize(ApiJson.Compact.Secret)!;
        var metadata = secret.Metadata with
        {
            Name = vector.SealOption("--name") ?? secret.Metadata.Name,
            Namespace = vector.SealOption("--namespace") ?? secret.Metadata.Namespace,
        };
        if (vector.SealOption("--scope") is { } name && SealingScopes.TryParse(name, out var scope) && scope != SealingScope.Strict)
            metadata = SealingScopes.Annotate(metadata, scope);
        return secret with { Metadata = metadata };
    }

    private static SealedSecret Blank(SealedSecret sealedSecret)
    {
        var blank = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in sealedSecret.Spec.EncryptedData?.Keys ?? Enumerable.Empty<string>()) blank[name] = "";
        return sealedSecret with { Spec = sealedSecret.Spec with { EncryptedData = blank } };
    }

    private static string Print(SealedSecret sealedSecret) => JsonSerializer.Serialize(sealedSecret, ApiJson.Indented.SealedSecret) + "\n";
}
