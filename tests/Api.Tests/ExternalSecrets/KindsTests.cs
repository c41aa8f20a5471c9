using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Api.Tests.ExternalSecrets;

public sealed class KindsTests
{
    private static readonly Dictionary<string, JsonTypeInfo> Readers = new(StringComparer.Ordinal)
    {
        ["ExternalSecret"] = ApiJson.Compact.ExternalSecret,
        ["SecretStore"] = ApiJson.Compact.SecretStore,
        ["ClusterSecretStore"] = ApiJson.Compact.ClusterSecretStore,
        ["ClusterExternalSecret"] = ApiJson.Compact.ClusterExternalSecret,
        ["PushSecret"] = ApiJson.Compact.PushSecret,
        ["ClusterPushSecret"] = ApiJson.Compact.ClusterPushSecret,
        ["ClusterGenerator"] = ApiJson.Compact.ClusterGenerator,
        ["GeneratorState"] = ApiJson.Compact.GeneratorState,
    };

    /// <summary>Files in which every field of a kind is set.</summary>
    public static TheoryData<string> FullObjects() =>
        [.. Vectors.Files("external-secrets/kinds", "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(FullObjects))]
    public void An_object_with_every_field_is_written_as_it_was_read(string file)
    {
        var objects = YamlReader.ReadAll(File.ReadAllText(Path.Combine(Vectors.Folder("external-secrets/kinds"), file + ".yaml")));
        Assert.All(objects, document =>
        {
            var reader = Readers.GetValueOrDefault((string)document.Root!["kind"]!, ApiJson.Compact.Generator);
            var again = JsonSerializer.SerializeToNode(document.Root.Deserialize(reader), reader)!.AsObject();
            Assert.True(JsonNode.DeepEquals(document.Root, again), YamlWriter.Write(again));
        });
    }

    [Fact]
    public void Absent_fields_stay_absent()
    {
        var read = JsonSerializer.Deserialize("""{"kind":"ExternalSecret","spec":{"target":{}}}""", ApiJson.Compact.ExternalSecret);
        Assert.Equal("""{"kind":"ExternalSecret","metadata":{},"spec":{"target":{}}}""", JsonSerializer.Serialize(read, ApiJson.Compact.ExternalSecret));
    }

    [Fact]
    public void What_is_absent_has_the_default_of_the_original()
    {
        var read = JsonSerializer.Deserialize("""{"metadata":{"name":"db"},"spec":{"secretStoreRef":{"name":"s"},"target":{},"dataFrom":[{"sourceRef":{"generatorRef":{"kind":"UUID","name":"u"}},"rewrite":[{"merge":{}}]}]}}""", ApiJson.Compact.ExternalSecret)!;
        Assert.Equal("db", read.TargetName);
        Assert.Equal("Periodic", read.Spec.EffectiveRefreshPolicy);
        Assert.Equal(TimeSpan.FromHours(1), ExternalSecretSpec.DefaultRefreshInterval);
        Assert.Equal("SecretStore", read.Spec.SecretStoreRef!.EffectiveKind);
        Assert.Equal(("Owner", "Retain"), (read.Spec.Target!.EffectiveCreationPolicy, read.Spec.Target.EffectiveDeletionPolicy));
        Assert.Equal("generators.external-secrets.io/v1alpha1", read.Spec.DataFrom![0].SourceRef!.GeneratorRef!.EffectiveApiVersion);
        var merge = read.Spec.DataFrom[0].Rewrite![0].Merge!;
        Assert.Equal(("Strict", "Error", "Extract"), (merge.EffectivePriorityPolicy, merge.EffectiveConflictPolicy, merge.EffectiveStrategy));

        var push = JsonSerializer.Deserialize("{}", ApiJson.Compact.PushSecret)!.Spec;
        Assert.Equal(("Replace", "None"), (push.EffectiveUpdatePolicy, push.EffectiveDeletionPolicy));
    }

    [Theory]
    [InlineData("""{"spec":{"provider":{"vault":{"server":"x"}}}}""", "vault", 1)]
    [InlineData("""{"spec":{"provider":{"vault":{},"fake":{}}}}""", null, 2)]
    [InlineData("""{"spec":{"provider":{"vault":null,"fake":{}}}}""", "fake", 1)]
    [InlineData("""{"spec":{"provider":{}}}""", null, 0)]
    public void A_store_with_no_provider_or_two_is_read_so_that_it_can_be_named(string json, string? name, int count)
    {
        var provider = JsonSerializer.Deserialize(json, ApiJson.Compact.SecretStore)!.Spec.Provider!;
        Assert.Equal(name, provider.Name);
        Assert.Equal(count, provider.Names.Count);
        if (name is null) Assert.Throws<InvalidOperationException>(() => provider.Options);
    }

    [Fact]
    public void A_kind_without_spec_is_read_as_an_empty_one()
    {
        Assert.Null(JsonSerializer.Deserialize("{}", ApiJson.Compact.SecretStore)!.Spec.Provider);
        Assert.Empty(JsonSerializer.Deserialize("{}", ApiJson.Compact.PushSecret)!.Spec.SecretStoreRefs);
        Assert.Null(JsonSerializer.Deserialize("{}", ApiJson.Compact.ClusterExternalSecret)!.Spec.ExternalSecretSpec.Data);
        Assert.Null(JsonSerializer.Deserialize("{}", ApiJson.Compact.ClusterGenerator)!.Spec.Generator);
        Assert.Null(JsonSerializer.Deserialize("{}", ApiJson.Compact.GeneratorState)!.Spec.State);
    }
}
