namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>What <c>/metrics</c> says of External Secrets: the original's names and labels, and ours.</summary>
public sealed class ExternalMetricsTests
{
    [Fact]
    public async Task The_original_s_series_are_there_for_each_object_and_ours_beside_them()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team", ("tenant", "yes"));
        var controller = await stage.StartAsync("--enable-extended-metric-labels");
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec: {provider: {scripted: {}}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ClusterExternalSecret
            metadata: {name: everywhere}
            spec: {namespaceSelectors: [{matchLabels: {tenant: "yes"}}], externalSecretSpec: {secretStoreRef: {name: all, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k}}]}}
            ---
            apiVersion: external-secrets.io/v1alpha1
            kind: ClusterPushSecret
            metadata: {name: outwards}
            spec:
              namespaceSelectors: [{matchLabels: {tenant: "yes"}}]
              pushSecretSpec: {secretStoreRefs: [{name: all, kind: ClusterSecretStore}], selector: {secret: {name: source}}, data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}]}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, labels: {app.kubernetes.io/part-of: shop}}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}, {secretKey: b, remoteRef: {key: k}}]}
            """);
        await stage.ReadyAsync("db", "True");
        await stage.ReadyAsync("everywhere", "True", ns: "team");
        await stage.ExternalAsync("bad", ("a", "absent"));
        await stage.ReadyAsync("bad", "False");

        const string None = "app_kubernetes_io_name=\"\",app_kubernetes_io_instance=\"\",app_kubernetes_io_version=\"\",app_kubernetes_io_component=\"\",";
        const string Rest = None + "app_kubernetes_io_part_of=\"\",app_kubernetes_io_managed_by=\"\"";
        using var http = new HttpClient();
        await ExternalStage.UntilMetricsAsync(http, controller, text =>
        {
            Assert.Contains($"externalsecret_status_condition{{name=\"db\",namespace=\"shop\",{None}app_kubernetes_io_part_of=\"shop\",app_kubernetes_io_managed_by=\"\",condition=\"Ready\",status=\"True\"}} 1\n", text, StringComparison.Ordinal);
            Assert.Contains($"externalsecret_status_condition{{name=\"bad\",namespace=\"shop\",{Rest},condition=\"Ready\",status=\"True\"}} 0\n", text, StringComparison.Ordinal);
            Assert.Contains($"secretstore_status_condition{{name=\"store\",namespace=\"shop\",{Rest},condition=\"Ready\",status=\"True\"}} 1\n", text, StringComparison.Ordinal);
            Assert.Contains($"clustersecretstore_status_condition{{name=\"all\",namespace=\"\",{Rest},condition=\"Ready\",status=\"False\"}} 0\n", text, StringComparison.Ordinal);
            Assert.Contains($"clusterexternalsecret_status_condition{{name=\"everywhere\",namespace=\"\",{Rest},condition=\"Ready\",status=\"True\"}} 1\n", text, StringComparison.Ordinal);
            Assert.Contains($"clusterpushsecret_status_condition{{name=\"outwards\",namespace=\"\",{Rest},condition=\"Ready\",status=\"True\"}} 1\n", text, StringComparison.Ordinal);
            foreach (var kind in (string[])["externalsecret", "secretstore", "clustersecretstore", "clusterexternalsecret", "clusterpushsecret"]) Assert.Contains($"\n{kind}_reconcile_duration{{", text, StringComparison.Ordinal);
            Assert.Contains("\nexternalsecret_sync_calls_total{name=\"db\",", text, StringComparison.Ordinal);
            Assert.Contains("\nexternalsecret_sync_calls_error{name=\"bad\",", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_store_paused{kind=\"SecretStore\",name=\"store\",namespace=\"shop\"} 0\n", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_provider_answers_total{result=\"asked\"} ", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_provider_answer_bytes ", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_external_queue_depth ", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_external_reconcile_duration_seconds_count{result=\"requeued\"}", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Calls_of_a_provider_are_counted_and_timed_under_the_original_s_names()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var controller = await stage.StartAsync();
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec:
              provider:
                webhook: {url: "http://{{{listener.LocalEndpoint}}}/", timeout: 100ms, result: {jsonPath: $.x}}
            """);
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "False");
        using var http = new HttpClient();
        await ExternalStage.UntilMetricsAsync(http, controller, text =>
        {
            Assert.Contains("externalsecret_provider_api_calls_count{provider=\"Webhook\",call=\"HTTPRequest\",status=\"error\"} ", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_provider_call_duration_seconds_count{provider=\"Webhook\",call=\"HTTPRequest\"} ", text, StringComparison.Ordinal);
        });
    }
}
