using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class SecretFacts(SharedClusters clusters)
{
    private const string Immutable = "field is immutable when `immutable` is set";

    [Theory, OnEachCluster]
    public async Task StringData_folds_into_data_and_is_not_read_back(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"data":{"x":"b2xk","y":"eQ=="},"stringData":{"x":"new"}}""");
        Assert.Equal("bmV3", made.Body["data"]!["x"]!.GetValue<string>());
        Assert.Equal("eQ==", made.Body["data"]!["y"]!.GetValue<string>());
        Assert.False(made.Body.ContainsKey("stringData"));
        Assert.Equal("Opaque", made.Text("type"));
    }

    [Theory, OnEachCluster]
    public async Task Data_must_be_base64(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"data":{"x":"!!"}}""");
        Assert.Equal((400, "BadRequest"), (answer.Code, answer.Reason));
        Assert.Contains("illegal base64 data at input byte 0", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Values_must_be_text(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"stringData":{"x":5}}""");
        Assert.Equal(400, answer.Code);
        Assert.Contains("cannot be handled as a Secret", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Item_names_have_a_rule(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"stringData":{"a b":"x"}}""");
        Assert.Equal(422, answer.Code);
        Assert.StartsWith("Secret \"a\" is invalid: data[a b]: Invalid value: \"a b\": a valid config key must consist of", answer.Message, StringComparison.Ordinal);
        Assert.Equal("data[a b]", answer.Body["details"]!["causes"]![0]!["field"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task An_immutable_secret_keeps_its_data(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"immutable":true,"stringData":{"x":"1"}}""");
        var answer = await home.Api.PatchAsync(home.Secrets + "/a", """{"stringData":{"x":"2"}}""");
        Assert.Equal(422, answer.Code);
        Assert.Equal($"Secret \"a\" is invalid: data: Forbidden: {Immutable}", answer.Message);
        Assert.EndsWith(Immutable, answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task An_immutable_secret_stays_immutable_but_its_labels_may_change(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"immutable":true,"stringData":{"x":"1"}}""");
        var answer = await home.Api.PatchAsync(home.Secrets + "/a", """{"immutable":false}""");
        Assert.Equal($"Secret \"a\" is invalid: immutable: Forbidden: {Immutable}", answer.Message);
        Assert.Equal(200, (await home.Api.PatchAsync(home.Secrets + "/a", """{"metadata":{"labels":{"l":"v"}}}""")).Code);
    }

    [Theory, OnEachCluster]
    public async Task The_type_of_a_secret_cannot_change(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"stringData":{"x":"1"}}""");
        var answer = await home.Api.PutAsync(home.Secrets + "/a", JsonNode.Parse("""{"metadata":{"name":"a"},"type":"other/type","stringData":{"x":"1"}}""")!);
        Assert.Equal((422, "Secret \"a\" is invalid: type: Invalid value: \"other/type\": field is immutable"), (answer.Code, answer.Message));
    }

    [Theory, OnEachCluster]
    public async Task A_TLS_secret_needs_certificate_and_key(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"type":"kubernetes.io/tls","stringData":{"tls.crt":"x"}}""");
        Assert.Equal(422, answer.Code);
        Assert.Equal("Secret \"a\" is invalid: data[tls.key]: Required value", answer.Message);
    }

    [Theory, OnEachCluster]
    public async Task More_than_a_mebibyte_is_refused(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var big = new string('x', (1024 * 1024) + 1);
        var answer = await home.Api.PostAsync(home.Secrets, $$$"""{"metadata":{"name":"a"},"stringData":{"x":"{{{big}}}"}}""");
        Assert.Equal(422, answer.Code);
        Assert.Equal("data", answer.Body["details"]!["causes"]![0]!["field"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task An_immutable_config_map_keeps_its_data(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.ConfigMaps, """{"metadata":{"name":"a"},"immutable":true,"data":{"x":"1"}}""");
        var answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"x":"2"}}""");
        Assert.Equal($"ConfigMap \"a\" is invalid: data: Forbidden: {Immutable}", answer.Message);
    }

    [Theory, OnEachCluster]
    public async Task Secrets_can_be_selected_by_type(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"type":"my/type"}""");
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"b"}}""");
        var list = await home.Api.GetAsync(home.Secrets + "?fieldSelector=type%3Dmy%2Ftype");
        Assert.Equal(["a"], list.ItemNames);
    }
}
