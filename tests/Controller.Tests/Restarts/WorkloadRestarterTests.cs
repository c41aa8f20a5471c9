using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Tests.External;

namespace GitOpsSecrets.Controller.Tests.Restarts;

public sealed class WorkloadRestarterTests
{
    private static readonly KubeKind<JsonObject> Deployments = KubeKind.Untyped(Workload.Resource(WorkloadKind.Deployment));

    [Fact]
    public async Task A_changed_Secret_restarts_those_that_use_it_once_and_nobody_when_nothing_changed()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        await DeployAsync(stage, "web", "db");
        await DeployAsync(stage, "other", "mail");
        var controller = await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"gitopssecrets.io/restart":"users"}}}""");
        await stage.SecretAsync("db", "a", "1");
        await stage.ReadyAsync("db", "True");

        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        await stage.EventAsync("db", WorkloadRestarter.EventRestarted, "Deployment/web restarted, as db changed");
        var restarted = await stage.UntilAsync(Deployments, ExternalStage.Namespace, all => all.FirstOrDefault(item => NameOf(item) == "web" && RestartedAt(item) is not null));

        // Refreshed with the same value, and by another controller after a restart.
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"2"}}}""");
        await stage.SourceAsync("db", source => source.Status!.SyncedResourceVersion == GitOpsSecrets.Controller.External.ExternalView.VersionOf(source));
        await stage.StopAsync(controller);
        var again = await stage.StartAsync();
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"3"}}}""");
        await stage.SourceAsync("db", source => source.Status!.SyncedResourceVersion == GitOpsSecrets.Controller.External.ExternalView.VersionOf(source));
        await stage.StopAsync(again);
        var all = await stage.Kube.ListAsync(Deployments, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken);
        Assert.Equal(restarted["metadata"]!["generation"]!.GetValue<long>(), all.Single(item => NameOf(item) == "web")["metadata"]!["generation"]!.GetValue<long>());
        Assert.Null(RestartedAt(all.Single(item => NameOf(item) == "other")));
    }

    [Fact]
    public async Task A_changed_ConfigMap_restarts_those_that_use_it()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        await DeployAsync(stage, "web", "db", "configMapRef");
        await DeployAsync(stage, "other", "db");
        await stage.StartAsync("--unsafe-allow-generic-targets");
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{manifest: {apiVersion: v1, kind: ConfigMap}}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"gitopssecrets.io/restart":"users"}}}""");
        await stage.EventAsync("db", WorkloadRestarter.EventRestarted, "Deployment/web restarted, as db changed");
        var all = await stage.Kube.ListAsync(Deployments, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken);
        Assert.Equal(["web"], all.Where(item => RestartedAt(item) is not null).Select(NameOf));
    }

    [Fact]
    public async Task A_named_workload_that_is_not_there_is_told_and_the_Secret_is_right_all_the_same()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"gitopssecrets.io/restart":"StatefulSet/none, nonsense"}}}""");
        await stage.SecretAsync("db", "a", "1");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        await stage.SecretAsync("db", "a", "2");
        await stage.EventAsync("db", WorkloadRestarter.EventFailed, "StatefulSet/none cannot be restarted: it is not there");
        await stage.EventAsync("db", WorkloadRestarter.EventFailed, "\"nonsense\" is neither users nor");
        await stage.ReadyAsync("db", "True");
    }

    private static Task DeployAsync(ExternalStage stage, string name, string used, string @as = "secretRef") => stage.ApplyAsync($$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}} }
        spec:
          selector: {matchLabels: {app: {{{name}}} } }
          template:
            metadata: {labels: {app: {{{name}}} } }
            spec:
              containers:
                - name: app
                  image: app
                  envFrom: [{{{{@as}}}: {name: {{{used}}} } }]
        """);

    private static string? NameOf(JsonObject item) => item["metadata"]?["name"]?.GetValue<string>();

    private static string? RestartedAt(JsonObject item) => item["spec"]?["template"]?["metadata"]?["annotations"]?["kubectl.kubernetes.io/restartedAt"]?.GetValue<string>();
}
