using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

/// <summary>The subresource <c>scale</c>, by which <c>kubectl scale</c> and autoscalers set a number without knowing the kind.</summary>
public sealed class ScaleFacts(SharedClusters clusters)
{
    private const string Web = """
        {"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"tier":"front","app":"web"}},
         "template":{"metadata":{"labels":{"app":"web","tier":"front"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}
        """;

    [Theory, OnEachCluster]
    public async Task It_shows_how_many_there_are_to_be_and_sets_it(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var deployments = home.Path("apps/v1", "deployments");
        Assert.Equal(201, (await home.Api.PostAsync(deployments, Web)).Code);
        var shown = await home.Api.GetAsync(deployments + "/web/scale");
        Assert.Equal((200, "Scale", "autoscaling/v1", "web"), (shown.Code, shown.Text("kind"), shown.Text("apiVersion"), shown.Name));
        Assert.Equal((2, "app=web,tier=front"), ((int)shown.Body["spec"]!["replicas"]!, (string?)shown.Body["status"]!["selector"]));

        var patched = await home.Api.PatchAsync(deployments + "/web/scale", """{"spec":{"replicas":5}}""");
        Assert.Equal((200, "Scale", 5), (patched.Code, patched.Text("kind"), (int)patched.Body["spec"]!["replicas"]!));
        var web = await home.Api.GetAsync(deployments + "/web");
        Assert.Equal((5, 2), ((int)web.Body["spec"]!["replicas"]!, (int)web.Body["metadata"]!["generation"]!));
        Assert.Equal("b", (string?)web.Body["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);

        // A controller of Deployments may have written its status since.
        patched.Body["metadata"]!.AsObject().Remove("resourceVersion");
        patched.Body["spec"]!["replicas"] = 0;
        Assert.Equal(200, (await home.Api.PutAsync(deployments + "/web/scale", patched.Body)).Code);
        Assert.Equal(0, (int)(await home.Api.GetAsync(deployments + "/web")).Body["spec"]!["replicas"]!);
    }

    [Theory, OnEachCluster]
    public async Task It_refuses_what_cannot_be_and_what_another_has_changed(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var deployments = home.Path("apps/v1", "deployments");
        await home.Api.PostAsync(deployments, Web);
        var negative = await home.Api.PatchAsync(deployments + "/web/scale", """{"spec":{"replicas":-1}}""");
        Assert.Equal((422, "Invalid"), (negative.Code, negative.Reason));
        Assert.Contains("must be greater than or equal to 0", negative.Message, StringComparison.Ordinal);
        var seen = await home.Api.GetAsync(deployments + "/web/scale");
        await home.Api.PatchAsync(deployments + "/web/scale", """{"spec":{"replicas":3}}""");
        Assert.Equal((409, "Conflict"), (await home.Api.PutAsync(deployments + "/web/scale", seen.Body)) is var late ? (late.Code, late.Reason) : default);
        Assert.Equal(404, (await home.Api.GetAsync(deployments + "/nobody/scale")).Code);
        Assert.Equal(404, (await home.Api.GetAsync(home.ConfigMaps + "/web/scale")).Code);
    }

    [Theory, OnEachCluster]
    public async Task A_definition_says_where_its_numbers_are(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var group = RandomNumberGenerator.GetString("abcdefghij", 8) + ".example.com";
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        Assert.Equal(201, (await home.Api.PostAsync(Definitions, $$$"""
            {"metadata":{"name":"fleets.{{{group}}}"},"spec":{"group":"{{{group}}}","scope":"Namespaced","names":{"plural":"fleets","kind":"Fleet"},
             "versions":[{"name":"v1","served":true,"storage":true,
               "subresources":{"status":{},"scale":{"specReplicasPath":".spec.ships.count","statusReplicasPath":".status.afloat","labelSelectorPath":".status.selector"} },
               "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }]}}
            """)).Code);
        var fleets = home.Path(group + "/v1", "fleets");
        await TestHome.UntilAsync(() => home.Api.GetAsync(fleets), found => found.Code == 200);
        await home.Api.PostAsync(fleets, $$$"""{"apiVersion":"{{{group}}}/v1","kind":"Fleet","metadata":{"name":"a"},"spec":{"ships":{"count":1,"flag":"red"} } }""");
        await home.Api.PatchAsync(fleets + "/a/status", """{"status":{"afloat":4,"selector":"flag=red"}}""");
        Assert.Equal(200, (await home.Api.PatchAsync(fleets + "/a/scale", """{"spec":{"replicas":7}}""")).Code);
        var scale = await home.Api.GetAsync(fleets + "/a/scale");
        Assert.Equal((7, 4, "flag=red"), ((int)scale.Body["spec"]!["replicas"]!, (int)scale.Body["status"]!["replicas"]!, (string?)scale.Body["status"]!["selector"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"ships":{"count":7,"flag":"red"}}"""), (await home.Api.GetAsync(fleets + "/a")).Body["spec"]));
        await home.Api.DeleteAsync($"{Definitions}/fleets.{group}");
    }
}
