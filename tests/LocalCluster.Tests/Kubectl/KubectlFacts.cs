using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Kubectl;

/// <summary>What people type. kubectl is the client whose taste matters most.</summary>
public sealed class KubectlFacts(SharedClusters clusters)
{
    private const string ConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: \"1\"\n";

    private async Task<(TestHome Home, KubectlRunner Kubectl)> HomeAsync(ClusterKind kind)
    {
        if (!KubectlRunner.IsAvailable) Assert.Skip(KubectlRunner.Missing);
        var home = await TestHome.MakeAsync(clusters, kind);
        return (home, new KubectlRunner(home.Cluster, home.Namespace));
    }

    [Theory, OnEachCluster]
    public async Task Apply_get_describe_and_delete(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        var file = kubectl.Write("a.yaml", ConfigMap);
        Assert.Contains("configmap/a created", await kubectl.RunAsync("apply", "-f", file), StringComparison.Ordinal);
        Assert.Contains("configmap/a unchanged", await kubectl.RunAsync("apply", "-f", file), StringComparison.Ordinal);
        kubectl.Write("a.yaml", ConfigMap.Replace("\"1\"", "\"2\"", StringComparison.Ordinal));
        Assert.Contains("configmap/a configured", await kubectl.RunAsync("apply", "-f", file), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^NAME\s+DATA\s+AGE\r?\na\s+1\s+\d+s", await kubectl.RunAsync("get", "configmap", "a"));
        Assert.Equal("2", await kubectl.RunAsync("get", "cm", "a", "-o", "jsonpath={.data.x}"));
        Assert.Matches(@"Name:\s+a\b", await kubectl.RunAsync("describe", "configmap", "a"));
        Assert.Contains("configmap \"a\" deleted", await kubectl.RunAsync("delete", "-f", file), StringComparison.Ordinal);
        Assert.Contains("(NotFound)", await kubectl.RunAsync(1, ["get", "configmap", "a"]), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Scale_sets_a_number_without_an_edit(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        await kubectl.RunAsync("create", "deployment", "web", "--image=a");
        Assert.Contains("deployment.apps/web scaled", await kubectl.RunAsync("scale", "deployment", "web", "--replicas=3"), StringComparison.Ordinal);
        Assert.Contains("deployment.apps/web scaled", await kubectl.RunAsync("scale", "deployment", "web", "--current-replicas=3", "--replicas=4"), StringComparison.Ordinal);
        Assert.Equal("4", await kubectl.RunAsync("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"));
    }

    [Theory, OnEachCluster]
    public async Task A_kind_that_is_not_served_is_said_to_be_missing(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        var file = kubectl.Write("a.yaml", ConfigMap.Replace("v1", "v9", StringComparison.Ordinal));
        Assert.Contains("no matches for kind \"ConfigMap\" in version \"v9\"", await kubectl.RunAsync(1, ["apply", "-f", file]), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Server_side_apply_with_a_conflict(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        var file = kubectl.Write("a.yaml", ConfigMap);
        Assert.Contains("configmap/a serverside-applied", await kubectl.RunAsync("apply", "--server-side", "--field-manager=m1", "-f", file), StringComparison.Ordinal);
        kubectl.Write("a.yaml", ConfigMap.Replace("\"1\"", "\"2\"", StringComparison.Ordinal));
        Assert.Contains("conflict with \"m1\": .data.x", await kubectl.RunAsync(1, ["apply", "--server-side", "--field-manager=m2", "-f", file]), StringComparison.Ordinal);
        await kubectl.RunAsync("apply", "--server-side", "--field-manager=m2", "--force-conflicts", "-f", file);
        Assert.Equal("2", await kubectl.RunAsync("get", "cm", "a", "-o", "jsonpath={.data.x}"));
    }

    [Theory, OnEachCluster]
    public async Task Create_label_patch_and_edit(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        var value = kubectl.Write("value", "v");
        await kubectl.RunAsync("create", "secret", "generic", "s", "--from-file=k=" + value);
        await kubectl.RunAsync("label", "secret", "s", "l=v");
        await kubectl.RunAsync("patch", "secret", "s", "--type=json", "-p", """[{"op":"add","path":"/metadata/annotations","value":{"note":"1"}}]""");
        var editor = kubectl.Write("editor.sh", "#!/bin/sh\nsed -i 's/note: \"1\"/note: \"2\"/' \"$1\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Contains("edited", await kubectl.RunAsync(0, ["edit", "secret", "s"], editor), StringComparison.Ordinal);
        Assert.Equal("v 2 dg==", await kubectl.RunAsync("get", "secret", "s", "-o", "jsonpath={.metadata.labels.l} {.metadata.annotations.note} {.data.k}"));
    }

    [Theory, OnEachCluster]
    public async Task Watch_shows_changes_as_they_come(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        await home.CreateConfigMapAsync("a", ""","labels":{"w":"1"}""");
        using var watch = kubectl.Start(["get", "configmap", "-l", "w=1", "--watch", "--output-watch-events", "-o", "jsonpath={.type} {.object.data.a}{\"\\n\"}"]);
        try
        {
            Assert.Equal("ADDED 1", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"a":"2"}}""");
            Assert.Equal("MODIFIED 2", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            await home.Api.DeleteAsync(home.ConfigMaps + "/a");
            Assert.Equal("DELETED 2", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            watch.Kill();
        }
    }

    [Theory, OnEachCluster]
    public async Task Wait_for_a_condition_and_for_deletion(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;

        // A real server takes a pod only once the namespace has its service account.
        await TestHome.UntilAsync(() => home.Api.PostAsync(home.Path("pods"), """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""), made => made.Code == 201);
        await home.Api.PatchAsync(home.Path("pods") + "/p/status", """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""");
        Assert.Contains("pod/p condition met", await kubectl.RunAsync("wait", "--for=condition=Ready", "pod/p", "--timeout=30s"), StringComparison.Ordinal);
        await home.Api.DeleteAsync(home.Path("pods") + "/p", """{"gracePeriodSeconds":0}""");
        await kubectl.RunAsync("wait", "--for=delete", "pod/p", "--timeout=30s");
    }

    [Theory, OnEachCluster]
    public async Task Tokens_and_questions_of_access(ClusterKind kind)
    {
        var (home, kubectl) = await HomeAsync(kind);
        await using var _ = home;
        using var runner = kubectl;
        await kubectl.RunAsync("create", "serviceaccount", "bot");
        await kubectl.RunAsync("create", "role", "r", "--verb=get", "--resource=secrets");
        await kubectl.RunAsync("create", "rolebinding", "b", "--role=r", $"--serviceaccount={home.Namespace}:bot");
        Assert.Equal(3, (await kubectl.RunAsync("create", "token", "bot")).Trim().Split('.').Length);
        Assert.Contains("no", await kubectl.RunAsync(1, ["auth", "can-i", "delete", "secrets", $"--as=system:serviceaccount:{home.Namespace}:bot"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_knows_fields_and_strict_apply_refuses_unknown_ones()
    {
        var (home, kubectl) = await HomeAsync(ClusterKind.Local);
        await using var _ = home;
        using var runner = kubectl;
        Assert.Contains("stringData", await kubectl.RunAsync("explain", "secret"), StringComparison.Ordinal);
        var file = kubectl.Write("a.yaml", ConfigMap + "typo: 1\n");
        Assert.Contains("unknown field \"typo\"", await kubectl.RunAsync(1, ["apply", "-f", file]), StringComparison.Ordinal);
    }
}
