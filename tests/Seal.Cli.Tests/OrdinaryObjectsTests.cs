using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>What is read and written without the serializer is what it would read and write.</summary>
public sealed class OrdinaryObjectsTests
{
    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"kind":"Secret","apiVersion":"v1","type":"Opaque","metadata":{"name":"a","namespace":"b","creationTimestamp":null,"labels":{"z":"1","a":"2"},"annotations":{}},"data":{"b":"Yg==","a":""},"stringData":{"t":"<x>"}}""", true)]
    [InlineData("""{"metadata":null,"stringData":{"a":"1"}}""", false)]
    [InlineData("""{"kind":null,"stringData":{"a":"1"}}""", false)]
    [InlineData("""{"immutable":true,"stringData":{"a":"1"}}""", false)]
    [InlineData("""{"unknown":1,"stringData":{"a":"1"}}""", false)]
    [InlineData("""{"metadata":{"name":"a","uid":"u"}}""", false)]
    [InlineData("""{"data":{"a":null}}""", false)]
    [InlineData("""{"data":null}""", false)]
    public void A_Secret_is_read_as_the_serializer_reads_it_or_left_to_it(string json, bool ordinary)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        var read = OrdinaryObjects.ReadSecret(node);
        Assert.Equal(ordinary, read is not null);
        if (read is not null) Assert.Equal(JsonSerializer.Serialize(node.Deserialize(ApiJson.Compact.Secret), ApiJson.Compact.Secret), JsonSerializer.Serialize(read, ApiJson.Compact.Secret));
    }

    [Theory]
    [InlineData("""{"data":{"a":"not base64"}}""")]
    [InlineData("""{"data":{"a":1}}""")]
    [InlineData("""{"stringData":{"a":1}}""")]
    [InlineData("""{"stringData":[]}""")]
    [InlineData("""{"metadata":{"name":1}}""")]
    [InlineData("""{"metadata":{"labels":{"a":true}}}""")]
    [InlineData("""{"type":{}}""")]
    public void What_is_wrong_is_left_to_the_serializer_which_says_so(string json) => Assert.Null(OrdinaryObjects.ReadSecret(JsonNode.Parse(json)!.AsObject()));

    [Theory]
    [InlineData("""{"kind":"K","apiVersion":"v","metadata":{"name":"a"},"spec":{"template":{"metadata":{}},"encryptedData":{}}}""", true)]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"template":{"metadata":{}},"encryptedData":{}}}""", false)]
    [InlineData("""{"kind":"SealedSecret","apiVersion":"bitnami.com/v1alpha1","metadata":{"name":"a","namespace":"b","labels":{"l":"&"},"annotations":{}},"spec":{"template":{"metadata":{"name":"a","labels":{}},"type":"t","immutable":false,"data":{"k":"{{ .a }}"}},"encryptedData":{"b":"2","a":"1"}}}""", true)]
    [InlineData("""{"kind":"K","apiVersion":"v","metadata":{"name":"a","finalizers":["f"]},"spec":{"template":{"metadata":{}},"encryptedData":{}}}""", false)]
    [InlineData("""{"kind":"K","apiVersion":"v","metadata":{"name":"a"},"spec":{"template":{"metadata":{"uid":"u"}},"encryptedData":{}}}""", false)]
    [InlineData("""{"kind":"K","apiVersion":"v","metadata":{"name":"a"},"spec":{"encryptedData":{}}}""", false)]
    [InlineData("""{"kind":"K","apiVersion":"v","metadata":{"name":"a"},"spec":{"data":"x"}}""", false)]
    [InlineData("""{"kind":"K","apiVersion":"v","metadata":{"name":"a"},"spec":{"template":{"metadata":{}},"encryptedData":{}},"status":{}}""", false)]
    public void A_SealedSecret_is_written_as_the_serializer_writes_it_or_left_to_it(string json, bool ordinary)
    {
        var value = JsonSerializer.Deserialize(json, ApiJson.Compact.SealedSecret)!;
        var written = OrdinaryObjects.Write(value);
        Assert.Equal(ordinary, written is not null);
        if (written is not null) Assert.Equal(JsonSerializer.SerializeToNode(value, ApiJson.Compact.SealedSecret)!.ToJsonString(), written.ToJsonString());
    }
}
