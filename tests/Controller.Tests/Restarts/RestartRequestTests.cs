using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Restarts;

namespace GitOpsSecrets.Controller.Tests.Restarts;

public sealed class RestartRequestTests
{
    [Theory]
    [InlineData("users", true, "", "")]
    [InlineData("Deployment/web, statefulset/db.x", false, "Deployment/web StatefulSet/db.x", "")]
    [InlineData("users,DaemonSet/agent", true, "DaemonSet/agent", "")]
    [InlineData("all", false, "", "all")]
    [InlineData("Job/x,Deployment/,1/web,Deployment/Web,Deployment/a/b", false, "", "Job/x Deployment/ 1/web Deployment/Web Deployment/a/b")]
    public void The_annotation_names_workloads_or_all_that_use_the_Secret(string text, bool users, string named, string odd)
    {
        var request = RestartRequest.Of(Annotated(text))!;
        Assert.Equal(users, request.Users);
        Assert.Equal(named, string.Join(' ', request.Named));
        Assert.Equal(odd, string.Join(' ', request.Odd));
    }

    [Fact]
    public void Without_the_annotation_nothing_is_asked_for()
    {
        Assert.Null(RestartRequest.Of(new ObjectMeta()));
        Assert.Null(RestartRequest.Of(Annotated(" ")));
    }

    [Theory]
    [InlineData("""{"volumes": [{"secret": {"secretName": "db"}}]}""", true)]
    [InlineData("""{"volumes": [{"projected": {"sources": [{"secret": {"name": "db"}}]}}]}""", true)]
    [InlineData("""{"containers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "db", "key": "a"}}}]}]}""", true)]
    [InlineData("""{"initContainers": [{"envFrom": [{"secretRef": {"name": "db"}}]}]}""", true)]
    [InlineData("""{"imagePullSecrets": [{"name": "db"}]}""", true)]
    [InlineData("""{"containers": [{"env": [{"valueFrom": {"configMapKeyRef": {"name": "db"}}}], "envFrom": [{"configMapRef": {"name": "db"}}]}], "volumes": [{"secret": {"secretName": "db2"}}]}""", false)]
    [InlineData("""{"volumes": "odd", "containers": [null, 1]}""", false)]
    public void A_workload_uses_a_Secret_when_its_pods_read_it(string pod, bool expected)
    {
        var workload = new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = JsonNode.Parse(pod) } } };
        Assert.Equal(expected, PodUse.OfSecret(workload, "db"));
    }

    [Theory]
    [InlineData("""{"volumes": [{"configMap": {"name": "db"}}]}""", true)]
    [InlineData("""{"volumes": [{"projected": {"sources": [{"configMap": {"name": "db"}}]}}]}""", true)]
    [InlineData("""{"containers": [{"env": [{"valueFrom": {"configMapKeyRef": {"name": "db", "key": "a"}}}]}]}""", true)]
    [InlineData("""{"initContainers": [{"envFrom": [{"configMapRef": {"name": "db"}}]}]}""", true)]
    [InlineData("""{"containers": [{"envFrom": [{"secretRef": {"name": "db"}}]}], "volumes": [{"secret": {"secretName": "db"}}, {"configMap": {"name": "db2"}}]}""", false)]
    public void A_workload_uses_a_ConfigMap_when_its_pods_read_it(string pod, bool expected)
    {
        var workload = new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = JsonNode.Parse(pod) } } };
        Assert.Equal(expected, PodUse.OfConfigMap(workload, "db"));
    }

    private static ObjectMeta Annotated(string text) => new() { Annotations = new(StringComparer.Ordinal) { [RestartRequest.Annotation] = text } };
}
