using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class EventFacts(SharedClusters clusters)
{
    [Theory, OnEachCluster]
    public async Task A_core_event_can_be_found_by_the_object_it_is_about(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.Api.PostAsync(home.Path("events"), $$$"""
            {"metadata":{"name":"e"},"involvedObject":{"kind":"Secret","namespace":"{{{home.Namespace}}}","name":"s"},"reason":"R","message":"m","type":"Warning","count":2}
            """);
        Assert.Equal(201, made.Code);
        var found = await home.Api.GetAsync(home.Path("events") + "?fieldSelector=involvedObject.name%3Ds%2Ctype%3DWarning%2Creason%3DR");
        Assert.Equal(["e"], found.ItemNames);
        Assert.Empty((await home.Api.GetAsync(home.Path("events") + "?fieldSelector=involvedObject.name%3Dother")).ItemNames);
    }

    [Theory, OnEachCluster]
    public async Task An_event_is_one_object_in_two_groups(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.Api.PostAsync(home.Path("events.k8s.io/v1", "events"), $$$"""
            {"metadata":{"name":"e"},"eventTime":"2026-01-01T00:00:00.000000Z","reportingController":"c","reportingInstance":"i","action":"A","type":"Normal",
             "reason":"R","note":"text","regarding":{"kind":"Secret","namespace":"{{{home.Namespace}}}","name":"s"}}
            """);
        Assert.Equal(201, made.Code);
        Assert.Equal("text", made.Text("note"));
        var core = await home.Api.GetAsync(home.Path("events") + "/e");
        Assert.Equal("text", core.Text("message"));
        Assert.Equal("s", core.Body["involvedObject"]!["name"]!.GetValue<string>());
        Assert.Equal("c", core.Text("reportingComponent"));
        Assert.Equal(made.Uid, core.Uid);
    }

    [Theory, OnEachCluster]
    public async Task A_lease_is_held_by_whoever_wrote_it_last_with_the_right_version(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var leases = home.Path("coordination.k8s.io/v1", "leases");
        var made = await home.Api.PostAsync(leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a","leaseDurationSeconds":15,"renewTime":"2026-01-01T00:00:00.000000Z"}}""");
        Assert.Equal(201, made.Code);
        var second = made.Body.DeepClone();
        second["spec"]!["holderIdentity"] = "b";
        Assert.Equal(200, (await home.Api.PutAsync(leases + "/l", second)).Code);
        Assert.Equal(409, (await home.Api.PutAsync(leases + "/l", made.Body)).Code);
        Assert.Equal("b", (await home.Api.GetAsync(leases + "/l")).Body["spec"]!["holderIdentity"]!.GetValue<string>());
    }
}
