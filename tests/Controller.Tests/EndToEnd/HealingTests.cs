using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>What the original does not do: drift, failures and their end, restarts.</summary>
public sealed class HealingTests
{
    [Fact]
    public async Task An_edited_Secret_is_put_right_at_once()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"), ("b", "2"));
        await stage.SyncedAsync("db", "True");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"data":{"a":"aGFja2Vk","b":null,"added":"eA=="}}""");
        var healed = await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "1");
        Assert.Equal(["a", "b"], healed.Data!.Keys);
    }

    [Fact]
    public async Task A_deleted_Secret_comes_back_at_once()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.Build(new FakeTimeProvider(DateTimeOffset.UtcNow)).Ready; // a clock that stands still: no delay would ever end
        await stage.ApplyAsync("db", ("a", "1"));
        var first = await stage.SecretAsync("db");
        await stage.SyncedAsync("db", "True");
        await stage.DeleteSecretAsync(Stage.Key("db"));
        var second = await stage.SecretAsync("db", secret => secret.Metadata.Uid != first.Metadata.Uid);
        Assert.Equal("1", Stage.Item(second, "a"));
        Assert.Single(second.Metadata.OwnerReferences!);
    }

    [Fact]
    public async Task A_label_that_somebody_adds_is_no_reason_to_fight()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        var hash = (await stage.SyncedAsync("db", "True")).Status!.ObservedHash;
        var touched = await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"labels":{"added":"by-somebody"}}}""");
        await stage.SealedAsync("db", source => source.Status?.ObservedHash != hash);
        var after = await stage.Kube.GetAsync(ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken);
        Assert.Equal(touched.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_Secret_in_the_way_is_not_touched_and_its_removal_is_noticed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.EventAsync("shop", "db", "ErrUpdateFailed", "Resource \"db\" already exists and is not managed by SealedSecret");
        await stage.SyncedAsync("db", "False", "failed update: Resource \"db\" already exists");
        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "mine"));
        await stage.DeleteSecretAsync(Stage.Key("db"));
        await stage.SecretAsync("db", "a", "1");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task The_annotation_managed_on_a_Secret_in_the_way_is_noticed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "False");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"annotations":{"sealedsecrets.bitnami.com/managed":"true"}}}""");
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task A_key_that_arrives_opens_what_failed_for_want_of_it()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync(TestKeys.Seal("two", "shop", "db", ("a", "1")));
        await stage.SyncedAsync("db", "False", "no key could decrypt secret (a)");
        await stage.PutKeyAsync("two");
        await stage.SecretAsync("db", "a", "1");
        Assert.Equal([TestKeys.Key("two").Fingerprint], (await stage.SyncedAsync("db", "True")).Status!.SealingKeys!);
    }

    [Fact]
    public async Task A_change_of_the_scope_annotation_alone_is_noticed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var wide = TestKeys.Seal("one", "shop", "db", SealedSecretAnnotations.ClusterWide, ("a", "1"));
        await stage.ApplyAsync(wide with { Metadata = wide.Metadata with { Annotations = null } });
        await stage.SyncedAsync("db", "False");
        await stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Annotations = wide.Metadata.Annotations } });
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task A_message_that_changes_is_written_though_the_condition_stays_False()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("two", "shop", "db", SealedSecretAnnotations.NamespaceWide, ("a", "1"));
        await stage.ApplyAsync(sealedSecret);
        await stage.SyncedAsync("db", "False", "(a)");
        // Only the annotation changes, so the generation does not; then the key comes and the Secret is in the way.
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        await stage.PutKeyAsync("two");
        await stage.SyncedAsync("db", "False", "already exists");
    }

    [Fact]
    public async Task Skip_set_owner_references_works_alone()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("a", "1"));
        var template = new SecretTemplateSpec { Metadata = new ObjectMeta { Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SkipSetOwnerReferences] = "true" } } };
        await stage.ApplyAsync(sealedSecret with { Spec = sealedSecret.Spec with { Template = template } });
        Assert.Null((await stage.SecretAsync("db")).Metadata.OwnerReferences);
        await stage.SyncedAsync("db", "True");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"data":{"a":"aGFja2Vk"}}""");
        await stage.SecretAsync("db", "a", "1");
        await stage.ChangeAsync("db", source => source with { Spec = source.Spec with { EncryptedData = TestKeys.Seal("one", "shop", "db", ("a", "2")).Spec.EncryptedData } });
        await stage.SecretAsync("db", "a", "2");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_refused_write_is_tried_again_after_a_while()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        using var fault = stage.Faults.Answer(403, new FaultMatch("create", "secrets", "/shop/"), times: 2);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var controller = stage.Build(time);
        await controller.Ready;
        var first = Stage.PassesAsync(controller, 1);
        await stage.ApplyAsync("db", ("a", "1"));
        await first;
        await stage.EventAsync("shop", "db", "ErrUpdateFailed");
        await stage.SyncedAsync("db", "False");

        var second = Stage.PassesAsync(controller, 1);
        time.Advance(TimeSpan.FromSeconds(1));
        await second;
        Assert.Equal(2, fault.Hits);

        var third = Stage.PassesAsync(controller, 1);
        time.Advance(TimeSpan.FromSeconds(2)); // twice as long
        await third;
        await stage.SecretAsync("db", "a", "1");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_restart_over_unchanged_objects_opens_nothing_asks_for_nothing_and_writes_nothing()
    {
        const int Objects = 25;
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var first = await stage.StartAsync();
        await stage.CreateSecretAsync("db-0", [SealedSecretAnnotations.Patch], ("lent", "x"));
        for (var i = 0; i < Objects; i++) await stage.ApplyAsync($"db-{i}", ("a", "1"));
        for (var i = 0; i < Objects; i++) await stage.SyncedAsync($"db-{i}", "True");
        await stage.StopAsync(first);
        stage.Cluster.Requests.Clear();

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var passes = Task.CompletedTask;
        var second = stage.Build(time, built => passes = Stage.PassesAsync(built, Objects));
        await passes;
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.IsWrite));
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.Verb == "get" && request.Resource == "secrets" && request.Namespace == "shop"));
        using var http = new HttpClient();
        var measured = await http.GetStringAsync(new Uri(second.MetricsAddress!, "/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("\nsealed_secrets_controller_unseal_requests_total 0\n", measured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CRD_without_our_status_fields_causes_no_loop_of_writes()
    {
        var definition = JsonNode.Parse("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"sealedsecrets.bitnami.com"},
             "spec":{"group":"bitnami.com","names":{"kind":"SealedSecret","listKind":"SealedSecretList","plural":"sealedsecrets","singular":"sealedsecret"},"scope":"Namespaced",
             "versions":[{"name":"v1alpha1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
               "spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
               "status":{"type":"object","properties":{"observedGeneration":{"type":"integer","format":"int64"},"conditions":{"type":"array","items":{"type":"object","required":["type","status"],"properties":{
                 "type":{"type":"string"},"status":{"type":"string"},"reason":{"type":"string"},"message":{"type":"string"},"lastUpdateTime":{"type":"string"},"lastTransitionTime":{"type":"string"}}}}}}}}}}]}}
            """)!.ToJsonString();
        await using var stage = await Stage.SetAsync(definition);
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        var first = Stage.PassesAsync(controller, 1);
        await stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Annotations = new(StringComparer.Ordinal) { ["touched"] = "once" } } });
        await first;
        var second = Stage.PassesAsync(controller, 1);
        await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"labels":{"x":"y"}}}""");
        await second;
        Assert.Equal(["200"], stage.Cluster.Requests.All().Where(request => request.Resource == "sealedsecrets/status").Select(request => $"{request.StatusCode}"));
        Assert.Contains("drops status.observedHash", stage.Log.ToString(), StringComparison.Ordinal);
    }
}
