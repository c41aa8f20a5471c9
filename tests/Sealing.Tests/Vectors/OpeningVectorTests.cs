using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>What the original sealed must open here to what it sealed, with both backends; and what it prints, we would print.</summary>
public sealed class OpeningVectorTests
{
    public static TheoryData<string, string> Positive()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in VectorSet.Ids("seal", "unseal", "unseal-v1", "raw"))
        {
            data.Add(row, Backends.OpenSsl);
            data.Add(row, Backends.BouncyCastle);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Positive))]
    public void What_the_original_sealed_opens_to_what_it_sealed(string id, string backend)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(Backends.Of(backend), vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        if (sealedSecret.Spec.Template?.Data is { Count: > 0 })
        {
            Assert.Equal(UnsealFailureKind.TemplateUnsupported, result.Failure?.Kind);
            return;
        }
        Assert.True(result.Succeeded, result.Failure?.Explanation);
        AssertItems(vector.Expected(), result.Opened.Secret);
        if (vector.HasFile("recovered_json")) Assert.Equal(EmptyAsText(vector.File("recovered_json")), Print(result.Opened.Secret));
    }

    public static TheoryData<string> YamlForms() => VectorSet.Ids("seal");

    [Theory]
    [MemberData(nameof(YamlForms))]
    public void The_yaml_form_opens_to_the_same(string id)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);

        using var result = Unsealer.Unseal(FromYaml(vector.File("sealed_yaml")), ring, UnsealOptions.Default);

        Assert.True(result.Succeeded, result.Failure?.Explanation);
        AssertItems(vector.Expected(), result.Opened.Secret);
    }

    public static TheoryData<string> Merged() => VectorSet.Ids("merge-into");

    [Theory]
    [MemberData(nameof(Merged))]
    public void A_file_the_original_merged_into_opens(string id)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);

        using var result = Unsealer.Unseal(FromYaml(vector.File("after")), ring, UnsealOptions.Default);

        Assert.True(result.Succeeded, result.Failure?.Explanation);
        AssertItems(vector.Expected(), result.Opened.Secret);
        Assert.Equal(vector.File("recovered_json"), Print(result.Opened.Secret));
    }

    public static TheoryData<string> Streams() => VectorSet.Ids("seal-multi");

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_document_of_a_stream_opens(string id)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);
        var documents = YamlReader.ReadAll(vector.File("sealed_yaml")).Where(document => document.Root is not null).ToList();
        var expected = vector.Documents.ToList();
        Assert.Equal(expected.Count, documents.Count);
        foreach (var (document, want) in documents.Zip(expected))
        {
            var sealedSecret = document.Root.Deserialize(ApiJson.Compact.SealedSecret)!;
            using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);
            Assert.True(result.Succeeded, result.Failure?.Explanation);
            AssertItems(vector.Expected(want["expected"]!.AsObject()), result.Opened.Secret);
            Assert.Equal(vector.TextOf(want["recovered"]!.GetValue<string>()), Print(result.Opened.Secret));
        }
    }

    [Fact]
    public void The_legacy_form_is_refused_when_the_options_say_so()
    {
        var vector = VectorSet.Case("29-legacy-v1-data");
        using var ring = VectorSet.Ring(vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default with { AcceptLegacyData = false });

        Assert.Equal(UnsealFailureKind.LegacyRefused, result.Failure?.Kind);
        Assert.Equal(vector.Text("kubeseal_recovery_stderr"), $"error: {result.Failure?.Message}\n");
        Assert.Equal(0, result.PrivateOperations);
    }

    [Fact]
    public void Values_sealed_with_two_keys_name_the_key_of_each()
    {
        var vector = VectorSet.Case("25-mixed-keys");
        using var ring = VectorSet.Ring(vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.Equal(VectorSet.Certificate("main").Fingerprint, result.Opened!.ItemKeys["one"]);
        Assert.Equal(VectorSet.Certificate("small").Fingerprint, result.Opened.ItemKeys["two"]);
        Assert.Equal(2, result.Opened.Fingerprints.Count);
    }

    private static SealedSecret FromYaml(string yaml) => YamlReader.Read(yaml).Deserialize(ApiJson.Compact.SealedSecret)!;

    private static void AssertItems(SortedDictionary<string, byte[]> expected, Secret secret) =>
        Assert.Equal(expected, new SortedDictionary<string, byte[]>(secret.Data!.ToDictionary(e => e.Key, e => e.Value!), StringComparer.Ordinal));

    private static string Print(Secret secret)
    {
        // A Secret without items has no data field in the originals' output; ours says so with an empty map.
        var printed = secret.Data is { Count: 0 } ? secret with { Data = null } : secret;
        return JsonSerializer.Serialize(printed, ApiJson.Indented.Secret) + "\n";
    }

    /// <summary>The original prints an empty item as <c>null</c>; in the cluster both become the empty string.</summary>
    private static string EmptyAsText(string recovered)
    {
        var json = JsonNode.Parse(recovered)!;
        if (json["data"] is not JsonObject data || data.All(item => item.Value is not null)) return recovered;
        foreach (var name in data.Where(item => item.Value is null).Select(item => item.Key).ToList()) data[name] = "";
        return JsonSerializer.Serialize(json.Deserialize(ApiJson.Compact.Secret)!, ApiJson.Indented.Secret) + "\n";
    }
}
