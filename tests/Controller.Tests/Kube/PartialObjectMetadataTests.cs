using System.Text;
using System.Text.Json;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class PartialObjectMetadataTests
{
    private const string Full = """
        {"data":{"password":"aHVudGVyMg=="},"kind":"Secret","metadata":{"managedFields":[{"manager":"m","fieldsV1":{"f:data":{}}}],
         "name":"db","namespace":"team","uid":"u1","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z",
         "labels":{"a":"1","b":"2"},"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"password\":\"aHVudGVyMg==\"}}","c":"3"},
         "ownerReferences":[{"apiVersion":"bitnami.com/v1alpha1","kind":"SealedSecret","name":"db","uid":"o1","controller":true,"blockOwnerDeletion":true}]},
         "type":"Opaque"}
        """;

    private static readonly KubeResource Secrets = new("", "v1", "secrets");

    [Fact]
    public void Name_labels_annotations_and_owners_are_kept()
    {
        var item = Read(Full);
        Assert.Equal(new NamespacedName("team", "db"), item.Key);
        Assert.Equal(("u1", "7", "2026-01-01T00:00:00Z", false), (item.Uid, item.ResourceVersion, item.CreationTimestamp, item.Deleting));
        Assert.Equal(("1", "2", null, "3"), (item.Label("a"), item.Label("b"), item.Label("c"), item.Annotation("c")));
        var owner = Assert.Single(item.OwnerReferences);
        Assert.Equal(("bitnami.com/v1alpha1", "SealedSecret", "db", "o1", true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller));
    }

    [Fact]
    public void The_annotation_in_which_kubectl_repeats_a_secret_is_not_kept() =>
        Assert.Equal(["c"], Read(Full).Annotations.Select(pair => pair.Key));

    [Fact]
    public void A_deletion_under_way_is_seen() =>
        Assert.True(Read("""{"metadata":{"name":"db","deletionTimestamp":"2026-01-01T00:00:00Z"}}""").Deleting);

    [Theory]
    [InlineData("""{"metadata":{"labels":null,"annotations":[1],"ownerReferences":{"a":1},"uid":5,"namespace":{"x":[1]},"name":"db"}}""")]
    [InlineData("""{"metadata":{"labels":{"a":{"b":1}},"ownerReferences":[null,1,{"name":3,"controller":{"x":1}}],"name":"db"}}""")]
    public void Fields_of_an_unexpected_form_are_skipped(string json) => Assert.Equal("db", Read(json).Key.Name);

    [Theory]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("{}")]
    [InlineData("""{"metadata":"x"}""")]
    public void What_has_no_metadata_has_no_name(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        Assert.Equal(new NamespacedName("", ""), PartialObjectMetadataConverter.ReadLenient(ref reader).Key);
    }

    /// <summary>The hashes differ from process to process, and two strings of one object may meet in one place of the table: never in each of sixteen objects.</summary>
    [Fact]
    public void Equal_strings_of_different_objects_are_one_string()
    {
        var kind = KubeKind.MetadataOf(Secrets);
        bool IsShared(int number)
        {
            var json = $$$"""{"metadata":{"name":"db","namespace":"team{{{number}}}","labels":{"label{{{number}}}":"1"},"ownerReferences":[{"kind":"Kind{{{number}}}"}]}}""";
            var (first, second) = (JsonSerializer.Deserialize(json, kind.TypeInfo)!, JsonSerializer.Deserialize(json, kind.TypeInfo)!);
            return ReferenceEquals(first.Labels[0].Key, second.Labels[0].Key)
                && ReferenceEquals(first.Key.Namespace, second.Key.Namespace)
                && ReferenceEquals(first.OwnerReferences[0].Kind, second.OwnerReferences[0].Kind);
        }

        // Hashes differ from process to process, and two strings of one object may meet in one place of the table: never in each of sixteen objects.
        Assert.Contains(Enumerable.Range(0, 16), IsShared);
    }

    [Fact]
    public void Strings_that_meet_in_one_place_of_the_table_stay_apart()
    {
        var kind = KubeKind.MetadataOf(Secrets);
        for (var i = 0; i < 10_000; i++)
        {
            var item = JsonSerializer.Deserialize($$$$"""{"metadata":{"name":"db","labels":{"k{{{{i}}}}":"schlüssel-{{{{i}}}}"}}}""", kind.TypeInfo)!;
            Assert.Equal($"schlüssel-{i}", item.Label($"k{i}"));
        }
    }

    private static PartialObjectMetadata Read(string json) => JsonSerializer.Deserialize(json, KubeKind.MetadataOf(Secrets).TypeInfo)!;
}
