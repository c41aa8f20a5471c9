using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.Controller.Tests.Notifications;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>Objects that the API server takes, because their definition leaves a field open, and that are none of their kind.</summary>
public sealed class UnreadableTests
{
    private const string Field = "spec.template.metadata.ownerReferences[0].name";

    private static readonly KubeKind<JsonObject> Sealed = KubeKind.Untyped(SealedSecretKind.Instance.Resource);

    /// <summary>What YAML makes of <c>name: n</c>.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_SealedSecret_that_cannot_be_read_says_which_field_and_heals_when_that_is_mended(bool isThereBefore)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        if (!isThereBefore) await stage.StartAsync();
        await stage.Kube.CreateAsync(Sealed, SealedSecretWith(JsonValue.Create(false)), TestContext.Current.CancellationToken);
        if (isThereBefore) await stage.StartAsync();
        var told = await UntilAsync(stage, Sealed, status => Condition(status, "Synced") is not null);
        Assert.Equal(1, told["observedGeneration"]!.GetValue<long>());
        Assert.Equal(("False", "ErrUnsealFailed"), Condition(told, "Synced"));
        Assert.Equal(("False", "ErrUnsealFailed"), Condition(told, "Ready"));
        Assert.Equal(("True", "ErrUnsealFailed"), Condition(told, "Stalled"));
        Assert.Equal("Synced", told["conditions"]![0]!["type"]!.GetValue<string>());
        Assert.StartsWith($"{Field} cannot be read", told["conditions"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await stage.EventAsync("shop", "db", "ErrUnsealFailed", $"{Field} cannot be read");

        await EditAsync(stage, JsonValue.Create("n"));
        await stage.SyncedAsync("db", "True");
        await stage.SecretAsync("db");
    }

    [Fact]
    public async Task One_that_could_be_read_before_keeps_its_Secret_and_is_told_of_both_times()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.Kube.CreateAsync(Sealed, SealedSecretWith(JsonValue.Create("n")), TestContext.Current.CancellationToken);
        var uid = (await stage.SecretAsync("db")).Metadata.Uid;
        await stage.SyncedAsync("db", "True");
        await EditAsync(stage, JsonValue.Create(1));
        var told = await UntilAsync(stage, Sealed, status => status["observedGeneration"]?.GetValue<long>() == 2);
        Assert.Equal(("False", "ErrUnsealFailed"), Condition(told, "Synced"));
        await EditAsync(stage, JsonValue.Create("n"));
        await stage.SyncedAsync("db", "True");
        Assert.Equal(uid, (await stage.SecretAsync("db")).Metadata.Uid);
    }

    [Fact]
    public async Task While_it_cannot_be_read_its_Secret_is_not_put_right_which_it_says()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        await stage.Kube.CreateAsync(Sealed, SealedSecretWith(JsonValue.Create("n")), TestContext.Current.CancellationToken);
        await stage.SecretAsync("db");
        await stage.SyncedAsync("db", "True");
        await EditAsync(stage, JsonValue.Create(1));
        await UntilAsync(stage, Sealed, status => status["conditions"]?[0]?["message"]?.GetValue<string>().EndsWith("; until that is mended no Secret of it is made, changed or put right", StringComparison.Ordinal) == true);
        var pass = Stage.PassesAsync(controller, 1);
        await stage.DeleteSecretAsync(Stage.Key("db"));
        await pass;
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken));
        await EditAsync(stage, JsonValue.Create("n"));
        await stage.SecretAsync("db");
        await stage.SyncedAsync("db", "True");
    }

    /// <summary>Quotes help where the field is text and YAML made something else of it, and nowhere else.</summary>
    [Theory]
    [InlineData("name", "false", true)]
    [InlineData("name", "1", true)]
    [InlineData("name", "[]", false)]
    [InlineData("controller", "\"yes\"", false)]
    [InlineData("controller", "1", false)]
    public async Task Quotes_are_the_remedy_where_they_would_help(string field, string value, bool helps)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var item = SealedSecretWith(JsonValue.Create("n"));
        item["spec"]!["template"]!["metadata"]!["ownerReferences"]![0]![field] = JsonNode.Parse(value);
        await stage.Kube.CreateAsync(Sealed, item, TestContext.Current.CancellationToken);
        var told = await UntilAsync(stage, Sealed, status => Condition(status, "Synced") is not null);
        var message = told["conditions"]![0]!["message"]!.GetValue<string>();
        Assert.StartsWith($"spec.template.metadata.ownerReferences[0].{field} cannot be read: what stands there is not of the form that this field has", message, StringComparison.Ordinal);
        Assert.Equal(helps, message.Contains("put it in quotes", StringComparison.Ordinal));
    }

    /// <summary>Whoever relies on alerts or messages sees it as any other failure, and its end.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cannot_be_read_is_a_failure_for_metrics_and_notifications_until_it_is_mended_or_gone(bool couldBeReadBefore)
    {
        const string Labels = "{namespace=\"shop\",name=\"db\",condition=\"Synced\",ss_app_kubernetes_io_instance=\"\"}";
        await using var web = await ReceivingServer.StartAsync();
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"notifications: {{receivers: [{{name: hook, perMinute: 600, webhook: {{url: \"{web.Address}\"}}}}]}}", TestContext.Current.CancellationToken);
        var controller = await stage.StartAsync("--notifications-file", file);
        File.Delete(file);
        await stage.Kube.CreateAsync(Sealed, SealedSecretWith(couldBeReadBefore ? JsonValue.Create("n") : JsonValue.Create(1)), TestContext.Current.CancellationToken);
        if (couldBeReadBefore)
        {
            await stage.SyncedAsync("db", "True");
            await EditAsync(stage, JsonValue.Create(1));
        }

        Assert.Equal(("io.gitopssecrets.failure", "ErrUnsealFailed"), await NextAsync(web));
        await UntilAsync(stage, Sealed, status => Condition(status, "Synced") == ("False", "ErrUnsealFailed"));
        await MeasuredAsync(controller, $"sealed_secrets_controller_condition_info{Labels} -1", "sealed_secrets_controller_unseal_errors_total{reason=\"unseal\",namespace=\"shop\"} 1", "sealed_secrets_controller_sealing_key_objects_unaccounted 1");

        if (couldBeReadBefore)
        {
            await EditAsync(stage, JsonValue.Create("n"));
            Assert.Equal(("io.gitopssecrets.recovery", "Unsealed"), await NextAsync(web));
            await stage.SyncedAsync("db", "True");
            await MeasuredAsync(controller, $"sealed_secrets_controller_condition_info{Labels} 1", "sealed_secrets_controller_unseal_errors_total{reason=\"unseal\",namespace=\"shop\"} 1", "sealed_secrets_controller_sealing_key_objects_unaccounted 0");
        }
        else
        {
            await stage.Kube.DeleteAsync(Sealed.Resource, Stage.Key("db"), null, TestContext.Current.CancellationToken);
            Assert.Equal(("io.gitopssecrets.recovery", "Deleted"), await NextAsync(web));
            Assert.DoesNotContain($"condition_info{Labels}", await MeasuredAsync(controller), StringComparison.Ordinal);
        }
    }

    /// <summary>Written in a version whose definition leaves everything open.</summary>
    [Fact]
    public async Task A_SopsSecret_that_cannot_be_read_says_which_field_and_counts_as_failed()
    {
        await using var stage = await Stage.SetAsync();
        var controller = await stage.StartAsync();
        await stage.Kube.CreateAsync(KubeKind.Untyped(SopsSecretKind.Instance.Resource with { Version = "v1alpha2" }), new JsonObject
        {
            ["apiVersion"] = $"{SopsSecret.Group}/v1alpha2",
            ["kind"] = SopsSecret.SopsSecretKind,
            ["metadata"] = new JsonObject { ["namespace"] = Stage.Namespace, ["name"] = "db" },
            ["spec"] = new JsonObject { ["suspend"] = "no" },
        }, TestContext.Current.CancellationToken);
        await stage.EventAsync("shop", "db", "InvalidDocument", "spec.suspend cannot be read");
        await MeasuredAsync(controller, "sealed_secrets_controller_sops_errors_total{reason=\"InvalidDocument\",namespace=\"shop\"} 1");
    }

    private static JsonObject SealedSecretWith(JsonNode name) => new()
    {
        ["apiVersion"] = "bitnami.com/v1alpha1",
        ["kind"] = "SealedSecret",
        ["metadata"] = new JsonObject { ["namespace"] = Stage.Namespace, ["name"] = "db" },
        ["spec"] = new JsonObject
        {
            ["encryptedData"] = new JsonObject(),
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = Owners(name) } },
        },
    };

    private static JsonArray Owners(JsonNode name) => new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = name, ["uid"] = "1" });

    private static Task<JsonObject> EditAsync(Stage stage, JsonNode name) => stage.Kube.PatchAsync(
        Sealed, Stage.Key("db"), new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = Owners(name) } } } }, TestContext.Current.CancellationToken);

    /// <summary>Waits until the metrics have all these lines, and gives them.</summary>
    private static async Task<string> MeasuredAsync(ControllerProcess controller, params string[] lines)
    {
        using var http = new HttpClient();
        while (true)
        {
            var text = await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"), TestContext.Current.CancellationToken);
            if (lines.All(text.Split('\n').Contains)) return text;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<(string? Type, string? Reason)> NextAsync(ReceivingServer web)
    {
        var (_, body) = await web.NextAsync();
        return ((string?)body["type"], (string?)body["data"]!["reason"]);
    }

    private static async Task<JsonObject> UntilAsync(Stage stage, KubeKind<JsonObject> kind, Func<JsonObject, bool> wanted) =>
        (await stage.UntilAsync(kind, Stage.Namespace, all => all.FirstOrDefault(item => item["status"] is JsonObject status && wanted(status))))["status"]!.AsObject();

    private static (string Status, string Reason)? Condition(JsonObject status, string type) =>
        (status["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => condition["type"]!.GetValue<string>() == type) is { } found
            ? (found["status"]!.GetValue<string>(), found["reason"]!.GetValue<string>())
            : null;
}
