using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.Tests.External.Manifests;

/// <summary>What happens to a target that is no Secret: decided without touching anything.</summary>
public sealed class ManifestPolicyTests
{
    private const string Foreign = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"app","namespace":"shop","uid":"u","resourceVersion":"7","labels":{"team":"a"}},"data":{"other":"1","a":"old"}}""";

    [Theory]
    [InlineData("Owner", null, "Create")]
    [InlineData("Orphan", null, "Create")]
    [InlineData("CreateOrMerge", null, "Create")]
    [InlineData("Merge", null, "Absent")]
    [InlineData("Owner", Foreign, "Update")]
    [InlineData("Merge", Foreign, "Update")]
    public void The_creation_policy_says_whether_it_is_made(string policy, string? existing, string action) =>
        Assert.Equal(action, Decide(policy, existing).Action.ToString());

    [Theory]
    [InlineData("Owner", """{"a":"1"}""")]
    [InlineData("Orphan", """{"a":"1"}""")]
    [InlineData("Merge", """{"other":"1","a":"1"}""")]
    [InlineData("CreateOrMerge", """{"other":"1","a":"1"}""")]
    public void Owner_and_Orphan_replace_the_data_and_the_others_merge_into_it(string policy, string data)
    {
        var next = Decide(policy, Foreign).Object!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(data), next["data"]), next["data"]!.ToJsonString());
        Assert.Equal("a", next["metadata"]!["labels"]!["team"]!.GetValue<string>());
        Assert.Equal("7", next["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public void The_marks_of_an_ExternalSecret_are_those_that_a_Secret_has()
    {
        var metadata = ManifestPolicy.MetadataOf(Decide("Owner", null).Object);
        Assert.Equal("true", metadata.Labels!["reconcile.external-secrets.io/managed"]);
        Assert.Equal(ObjectHash.Of("shop/db"), metadata.Labels["reconcile.external-secrets.io/created-by"]);
        Assert.Equal(ObjectHash.Of("map[a:1]"), metadata.Annotation("reconcile.external-secrets.io/data-hash"));
        Assert.Equal(("ExternalSecret", "db", "es", true), Assert.Single(metadata.OwnerReferences!) is var owner ? (owner.Kind, owner.Name, owner.Uid, owner.Controller) : default);
        var orphan = ManifestPolicy.MetadataOf(Decide("Orphan", Decide("Owner", null).Object!.ToJsonString()).Object);
        Assert.Null(orphan.OwnerReferences);
        Assert.False(orphan.Labels!.ContainsKey("reconcile.external-secrets.io/created-by"));
    }

    [Fact]
    public void What_is_as_it_should_be_is_left_alone_whatever_its_status_says()
    {
        var there = Decide("Owner", null).Object!;
        there["status"] = new JsonObject { ["phase"] = "Ready" };
        Assert.Equal(TargetAction.Nothing, Decide("Owner", there.ToJsonString()).Action);
    }

    [Theory]
    [InlineData("Owner", "external-secrets.io/v1beta1 ExternalSecret", "another", "target is owned by another ExternalSecret")]
    [InlineData("Merge", "external-secrets.io/v1 ExternalSecret", "another", "target is owned by another ExternalSecret")]
    [InlineData("Merge", "kubernetes-client.io/v1 ExternalSecret", "another", "")]
    [InlineData("Owner", "apps/v1 Deployment", "web", "failed to take ownership of target secret")]
    [InlineData("Orphan", "apps/v1 Deployment", "web", "")]
    public void What_belongs_to_others_is_refused(string policy, string type, string name, string message)
    {
        var existing = JsonNode.Parse(Foreign)!.AsObject();
        existing["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = type.Split(' ')[0], ["kind"] = type.Split(' ')[1], ["name"] = name, ["uid"] = "o", ["controller"] = true });
        var decision = Decide(policy, existing.ToJsonString());
        Assert.Equal(message, decision.Message);
        Assert.Equal(message.Length == 0 ? TargetAction.Update : TargetAction.Refuse, decision.Action);
    }

    [Fact]
    public void Data_of_an_immutable_ConfigMap_is_not_changed()
    {
        var existing = JsonNode.Parse(Foreign)!.AsObject();
        existing["immutable"] = true;
        Assert.Equal("could not update secret, target is immutable", Decide("Owner", existing.ToJsonString()).Message);
        Assert.True(Decide("Owner", null, immutable: true).Object!["immutable"]!.GetValue<bool>());
    }

    [Fact]
    public void Keys_that_were_written_before_and_are_not_wanted_now_go_when_data_is_merged()
    {
        var existing = JsonNode.Parse(Foreign)!.AsObject();
        existing["data"]!["gone"] = "x";
        existing["metadata"]!["managedFields"] = JsonNode.Parse("""[{"manager":"externalsecrets.external-secrets.io/db","fieldsV1":{"f:data":{"f:gone":{},"f:a":{}}}}]""");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"other":"1","a":"1"}"""), Decide("Merge", existing.ToJsonString()).Object!["data"]));
    }

    [Theory]
    [InlineData("other", true, "theirs")]
    [InlineData("other", false, "1")]
    [InlineData("db", true, "1")]
    public void What_another_ExternalSecret_merged_is_written_over_by_a_refresh_alone(string writer, bool isMending, string expected)
    {
        var existing = $$$"""
            {"apiVersion":"argoproj.io/v1alpha1","kind":"Application","spec":{"data":{"a":"theirs"},"more":["x"]},
             "metadata":{"name":"app","managedFields":[{"manager":"externalsecrets.external-secrets.io/{{{writer}}}","fieldsV1":{"f:spec":{"f:data":{".":{},"f:a":{},"f:gone":{}},"f:more":{"v:\"x\"":{} } } } }]} }
            """;
        Assert.Equal($$$"""{"data":{"a":"{{{expected}}}"},"more":["x"]}""", Decide("Merge", existing, kind: "Application", isMending: isMending).Object!["spec"]!.ToJsonString());
    }

    [Fact]
    public void Another_kind_has_the_values_in_its_spec()
    {
        var next = Decide("Owner", null, kind: "Application").Object!;
        Assert.Equal("""{"data":{"a":"1"}}""", next["spec"]!.ToJsonString());
        Assert.Equal(ObjectHash.Of("map[data:map[a:1]]"), ManifestPolicy.MetadataOf(next).Annotation("reconcile.external-secrets.io/data-hash"));
    }

    [Theory]
    [InlineData("""{"a":"x","b":{"c":true,"d":[1,2.5,null,"y"]}}""", "map[a:x b:map[c:true d:[1 2.5 <nil> y]]]")]
    [InlineData("{}", "map[]")]
    public void The_hash_is_over_what_Go_prints(string json, string text) => Assert.Equal(ObjectHash.Of(text), ObjectHash.OfContent(JsonNode.Parse(json)));

    private static ManifestDecision Decide(string policy, string? existing, string kind = "ConfigMap", bool immutable = false, bool isMending = false)
    {
        var rendered = TargetRenderer.ManifestWithoutTemplate(new Dictionary<string, byte[]> { ["a"] = Encoding.UTF8.GetBytes("1") }, [], [], kind == "ConfigMap");
        var manifest = new TargetManifest { ApiVersion = kind == "ConfigMap" ? "v1" : "argoproj.io/v1alpha1", Kind = kind };
        var draft = new ManifestDraft(manifest, new TargetOwner("shop", "db", "es", policy == "Owner"), "app", policy, immutable, rendered) { IsMending = isMending };
        return new ManifestPolicy(draft, existing is null ? null : JsonNode.Parse(existing)!.AsObject()).Decide();
    }
}
