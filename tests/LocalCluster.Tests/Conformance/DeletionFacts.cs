using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class DeletionFacts(SharedClusters clusters)
{
    private static string OwnedBy(ApiAnswer owner) =>
        $$$""","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{{owner.Name}}}","uid":"{{{owner.Uid}}}","controller":true,"blockOwnerDeletion":true}]""";

    [Theory, OnEachCluster]
    public async Task A_deletion_answers_with_success_and_the_uid(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        var answer = await home.Api.DeleteAsync(home.ConfigMaps + "/a");
        Assert.Equal((200, "Status", "Success"), (answer.Code, answer.Text("kind"), answer.Text("status")));
        Assert.Equal(made.Uid, answer.Body["details"]!["uid"]!.GetValue<string>());
        Assert.Equal(404, (await home.Api.DeleteAsync(home.ConfigMaps + "/a")).Code);
    }

    [Theory, OnEachCluster]
    public async Task A_deletion_with_another_uid_or_version_is_refused(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        var uid = await home.Api.DeleteAsync(home.ConfigMaps + "/a", """{"preconditions":{"uid":"other"}}""");
        Assert.Equal((409, "Conflict"), (uid.Code, uid.Reason));
        Assert.Contains("the UID in the precondition (other) does not match the UID in record", uid.Message, StringComparison.Ordinal);
        Assert.Equal(409, (await home.Api.DeleteAsync(home.ConfigMaps + "/a", """{"preconditions":{"resourceVersion":"1"}}""")).Code);
    }

    [Theory, OnEachCluster]
    public async Task A_finalizer_holds_the_object_until_it_is_taken_off(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a", ""","finalizers":["x.io/f"]""");
        var held = await home.Api.DeleteAsync(home.ConfigMaps + "/a");
        Assert.Equal((200, "ConfigMap"), (held.Code, held.Text("kind")));
        Assert.NotEmpty(held.Metadata("deletionTimestamp"));
        var more = await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"finalizers":["x.io/f","x.io/g"]}}""");
        Assert.Equal(422, more.Code);
        Assert.Contains("no new finalizers can be added if the object is being deleted", more.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"finalizers":null}}""")).Code);
        Assert.Equal(404, (await home.Api.GetAsync(home.ConfigMaps + "/a")).Code);
    }

    [Theory, OnEachCluster]
    public async Task What_an_owner_leaves_behind_is_collected(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var owner = await home.CreateConfigMapAsync("owner");
        await home.CreateConfigMapAsync("owned", OwnedBy(owner));
        await home.Api.DeleteAsync(home.ConfigMaps + "/owner", """{"propagationPolicy":"Background"}""");
        await home.WaitGoneAsync(home.ConfigMaps + "/owned");
    }

    [Theory, OnEachCluster]
    public async Task Orphaning_keeps_what_was_owned(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var owner = await home.CreateConfigMapAsync("owner");
        await home.CreateConfigMapAsync("owned", OwnedBy(owner));
        await home.Api.DeleteAsync(home.ConfigMaps + "/owner", """{"propagationPolicy":"Orphan"}""");
        await home.WaitGoneAsync(home.ConfigMaps + "/owner");
        var owned = await home.Api.GetAsync(home.ConfigMaps + "/owned");
        Assert.Equal(200, owned.Code);
        Assert.Null(owned.Body["metadata"]!["ownerReferences"]);
    }

    [Theory, OnEachCluster]
    public async Task In_the_foreground_the_owner_goes_last(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var owner = await home.CreateConfigMapAsync("owner");
        await home.CreateConfigMapAsync("owned", OwnedBy(owner));
        var answer = await home.Api.DeleteAsync(home.ConfigMaps + "/owner", """{"propagationPolicy":"Foreground"}""");
        Assert.Contains("foregroundDeletion", answer.Body["metadata"]!["finalizers"]!.ToJsonString(), StringComparison.Ordinal);
        await home.WaitGoneAsync(home.ConfigMaps + "/owner");
        Assert.Equal(404, (await home.Api.GetAsync(home.ConfigMaps + "/owned")).Code);
    }

    [Theory, OnEachCluster]
    public async Task An_object_whose_owner_never_was_is_collected(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("owned", ""","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"nobody","uid":"11111111-2222-3333-4444-555555555555"}]""");
        await home.WaitGoneAsync(home.ConfigMaps + "/owned");
    }

    [Theory, OnEachCluster]
    public async Task An_object_whose_owner_is_of_a_kind_that_is_not_served_stays(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        static string Owned(string apiVersion, string owner) => $$$""","ownerReferences":[{"apiVersion":"{{{apiVersion}}}","kind":"{{{owner}}}","name":"nobody","uid":"11111111-2222-3333-4444-555555555555"}]""";
        await home.CreateConfigMapAsync("owned", Owned("nowhere.example/v1", "Nothing"));
        await home.CreateConfigMapAsync("witness", Owned("v1", "ConfigMap"));
        await home.WaitGoneAsync(home.ConfigMaps + "/witness");
        Assert.Equal(200, (await home.Api.GetAsync(home.ConfigMaps + "/owned")).Code);
    }

    [Fact]
    public async Task When_its_kind_is_served_it_is_seen_whether_the_owner_is_there()
    {
        await using var home = await TestHome.MakeAsync(clusters, ClusterKind.Local);
        await home.CreateConfigMapAsync("owned", ""","ownerReferences":[{"apiVersion":"late.example/v1","kind":"Ship","name":"nobody","uid":"11111111-2222-3333-4444-555555555555"}]""");
        var made = await home.Api.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
            {"metadata":{"name":"ships.late.example"},"spec":{"group":"late.example","scope":"Namespaced","names":{"plural":"ships","kind":"Ship"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """);
        Assert.Equal(201, made.Code);
        await home.WaitGoneAsync(home.ConfigMaps + "/owned");
        await home.Api.DeleteAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ships.late.example");
    }

    [Theory, OnEachCluster]
    public async Task An_object_has_one_controller_at_most(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        const string Owner = """{"apiVersion":"v1","kind":"ConfigMap","name":"o","uid":"1","controller":true}""";
        var answer = await home.Api.PostAsync(home.ConfigMaps, $$$"""{"metadata":{"name":"a","ownerReferences":[{{{Owner}}},{{{Owner.Replace("\"1\"", "\"2\"", StringComparison.Ordinal)}}}]}}""");
        Assert.Equal(422, answer.Code);
        Assert.Contains("Only one reference can have Controller set to true", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task A_namespace_takes_its_content_along(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a", ""","finalizers":["x.io/f"]""");
        var answer = await home.Api.DeleteAsync("/api/v1/namespaces/" + home.Namespace);
        Assert.Equal("Terminating", answer.Body["status"]!["phase"]!.GetValue<string>());
        var late = await TestHome.UntilAsync(
            () => home.Api.PostAsync(home.Secrets, """{"metadata":{"generateName":"late-"}}"""), found => found.Code == 403);
        Assert.Contains($"unable to create new content in namespace {home.Namespace} because it is being terminated", late.Message, StringComparison.Ordinal);
        await TestHome.UntilAsync(() => home.Api.GetAsync(home.ConfigMaps + "/a"), found => found.Metadata("deletionTimestamp").Length > 0);
        await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"finalizers":null}}""");
        await home.WaitGoneAsync("/api/v1/namespaces/" + home.Namespace);
        Assert.Equal(404, (await home.Api.GetAsync(home.ConfigMaps + "/a")).Code);
    }

    [Theory, OnEachCluster]
    public async Task A_namespace_comes_with_a_service_account(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var account = await TestHome.UntilAsync(() => home.Api.GetAsync(home.Path("serviceaccounts") + "/default"), found => found.Code == 200);
        Assert.Equal("default", account.Name);
        Assert.IsType<JsonObject>((await home.Api.GetAsync("/api/v1/namespaces/" + home.Namespace)).Body["status"]);
    }
}
