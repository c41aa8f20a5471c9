using System.Text.RegularExpressions;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.LocalCluster.Tests.Kubectl;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>The commands of <c>docs/migrate-from-external-secrets.md</c>, on a cluster as the original leaves it; only Helm is a stand-in, that writes down what it is asked.</summary>
public sealed partial class MigrationPageTests
{
    private const string Left = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: external-secrets}
        ---
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: {name: store, namespace: default}
        spec: {provider: {fake: {data: [{key: k, value: v}]}}}
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: db, namespace: default}
        spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
        """;

    /// <summary>What ClusterExternalSecrets of the original left on namespaces: on one beside somebody else's, on one twice, on one that is being deleted; and one that they never chose.</summary>
    private const string Namespaces = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: one, labels: {team: a}, annotations: {note: "n"}, finalizers: [example.com/first, externalsecrets.external-secrets.io/ces-db, example.com/last]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: two, finalizers: [externalsecrets.external-secrets.io/ces-db, externalsecrets.external-secrets.io/ces-other]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: leaving, finalizers: [externalsecrets.external-secrets.io/ces-db]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: untouched, finalizers: [example.com/externalsecrets.external-secrets.io-ces]}
        """;

    /// <summary>A line a namespace: name, phase, finalizers, and what else somebody may have put there.</summary>
    private const string Look = """
        kubectl get namespaces -o go-template='{{range .items}}{{.metadata.name}} {{.status.phase}} {{range .metadata.finalizers}}{{.}} {{end}}{{.metadata.uid}} {{.metadata.labels}} {{.metadata.annotations}} {{.spec}}{{"\n"}}{{end}}'
        """;

    private const string Helm = """
        echo "$*" >> helm.log
        [ "$1" != list ] || echo '[{"name":"external-secrets","namespace":"external-secrets","chart":"external-secrets-2.9.0","app_version":"v2.9.0"}]'
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_commands_of_the_page_hand_the_objects_over_and_none_is_lost()
    {
        Assert.SkipUnless(KubectlRunner.IsAvailable, KubectlRunner.Missing);
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        using var work = new WorkFolder();
        var shell = new Shell(work);
        shell.Environment["KUBECONFIG"] = cluster.KubeconfigPath;
        shell.Program("helm", Helm);
        Directory.CreateSymbolicLink(work.File("deploy"), RepositoryFolder.Of("deploy"));
        await LeaveAsync(work, shell);
        var uid = await RunAsync("kubectl get externalsecret db -o 'jsonpath={.metadata.uid}'");

        // The last lines have a test of their own: they need jq, which is not everywhere.
        await RunAsync(string.Concat(Shell.Blocks("docs/migrate-from-external-secrets.md", "sh").SkipLast(1)));

        var asked = await File.ReadAllLinesAsync(work.File("helm.log"), Stop);
        Assert.Contains(asked, line => line.StartsWith("upgrade external-secrets ", StringComparison.Ordinal) && line.Contains("--version 2.9.0 ", StringComparison.Ordinal) && line.Contains("\"helm.sh/resource-policy\":\"keep\"", StringComparison.Ordinal));
        Assert.Equal("uninstall external-secrets -n external-secrets", asked[^1]);
        Assert.Equal("None", await RunAsync("kubectl get crd externalsecrets.external-secrets.io -o 'jsonpath={.spec.conversion.strategy}{.spec.conversion.webhook}'"));
        Assert.Equal("0 0 0", await RunAsync("kubectl get deployment -n external-secrets -o 'jsonpath={.items[*].spec.replicas}'"));
        Assert.Contains("kind: ExternalSecret", await File.ReadAllTextAsync(work.File("external-secrets.yaml"), Stop), StringComparison.Ordinal);

        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        var tenant = await RunAsync("kubectl wait --for=condition=Ready externalsecret/db --timeout=2m && kubectl get externalsecret db -o 'jsonpath={.metadata.uid}' && kubectl get secret db -o 'jsonpath={.data.a}'");
        Assert.EndsWith(uid + "dg==", tenant, StringComparison.Ordinal);

        Task<string> RunAsync(string script) => BashAsync(work, shell, script);
    }

    [Fact]
    public async Task The_last_commands_of_the_page_take_the_original_s_finalizers_off_namespaces_and_change_nothing_else()
    {
        Assert.SkipUnless(KubectlRunner.IsAvailable, KubectlRunner.Missing);
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        using var work = new WorkFolder();
        var shell = new Shell(work);
        shell.Environment["KUBECONFIG"] = cluster.KubeconfigPath;
        Assert.SkipUnless((await shell.RunAsync("command -v jq", work.Path, Stop)).ExitCode == 0, "jq is not on the PATH");
        await File.WriteAllTextAsync(work.File("namespaces.yaml"), Namespaces, Stop);
        await RunAsync("kubectl create -f namespaces.yaml && kubectl delete namespace leaving --wait=false");
        var before = await RunAsync(Look);
        Assert.Contains("leaving Terminating externalsecrets.external-secrets.io/ces-db ", before, StringComparison.Ordinal);

        var commands = Shell.Blocks("docs/migrate-from-external-secrets.md", "sh")[^1];
        await RunAsync(commands);

        await RunAsync("kubectl wait --for=delete namespace/leaving --timeout=2m");
        var after = before.Split('\n').Where(line => !line.StartsWith("leaving ", StringComparison.Ordinal)).Select(line => Original().Replace(line, ""));
        Assert.Equal(string.Join('\n', after), await RunAsync(Look));

        // A second time there is nothing to do.
        Assert.Equal("", await RunAsync(commands));

        Task<string> RunAsync(string script) => BashAsync(work, shell, script);
    }

    private static async Task<string> BashAsync(WorkFolder work, Shell shell, string script)
    {
        var run = await shell.RunAsync("bash", ["-euo", "pipefail", "-c", script], work.Path, Stop);
        Assert.True(run.ExitCode == 0, run.OutputText + run.Error);
        return run.OutputText;
    }

    [GeneratedRegex("externalsecrets.external-secrets.io/ces-[a-z]+ ")]
    private static partial Regex Original();

    /// <summary>Definitions that an older version's webhook converts, admission by a webhook that stops with the original, and what it served.</summary>
    private static async Task LeaveAsync(WorkFolder work, Shell shell)
    {
        await File.WriteAllTextAsync(work.File("left.yaml"), Left, Stop);
        await BashAsync(work, shell, """
            kubectl apply --server-side -k deploy/crds > /dev/null
            kubectl patch crd externalsecrets.external-secrets.io --type=merge -p '{"spec":{"conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"https://127.0.0.1:1/convert"}}}}}'
            kubectl apply -f left.yaml
            for name in external-secrets external-secrets-webhook external-secrets-cert-controller; do kubectl create deployment "$name" --image=original -n external-secrets; done
            for kind in secretstore externalsecret; do
              printf '{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"%s-validate"},"webhooks":[{"name":"validate.%s.external-secrets.io","rules":[{"apiGroups":["external-secrets.io"],"apiVersions":["*"],"operations":["*"],"resources":["*"]}],"clientConfig":{"url":"https://127.0.0.1:1/validate"},"admissionReviewVersions":["v1"],"sideEffects":"None","failurePolicy":"Fail"}]}' "$kind" "$kind" | kubectl apply -f -
            done
            ! kubectl annotate externalsecret db a=b
            """);
    }
}
