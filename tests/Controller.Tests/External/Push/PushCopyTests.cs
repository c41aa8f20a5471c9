using System.Text;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using static GitOpsSecrets.Controller.Tests.External.Push.PushStage;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>A PushSecret to a store of the provider Kubernetes that is its own namespace.</summary>
public sealed class PushCopyTests
{
    [Fact]
    public async Task What_was_pushed_beside_its_source_with_its_labels_is_no_source()
    {
        await using var stage = await StartedAsync();
        var first = await stage.StartAsync();
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: s1, labels: {grp: g}}\nstringData: {x: one}");
        await PushFromAsync(stage, "{secret: {selector: {matchLabels: {grp: g}}}}", "deletionPolicy: Delete\n  dataTo: [{storeRef: {name: here}, remoteKey: bundle}]", "[{name: here}]");
        var copy = await stage.SecretAsync("bundle", "x", "one");
        Assert.Equal("g", copy.Metadata.Labels!["grp"]);
        await stage.PatchSecretAsync("s1", """{"stringData":{"x":"two"}}""");
        await stage.SecretAsync("bundle", "x", "two");
        // Nor after a restart, when nobody remembers.
        await stage.StopAsync(first);
        await stage.StartAsync();
        await stage.PatchSecretAsync("s1", """{"stringData":{"x":"three"}}""");
        await PatchAsync(stage, """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.SecretAsync("bundle", "x", "three");
        await ReadyAsync(stage, "True");
        await stage.PatchSecretAsync("s1", """{"metadata":{"labels":{"grp":null}}}""");
        await ReadyAsync(stage, "False", "source secret deleted; provider secrets cleaned up");
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, ExternalStage.Key("bundle"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"secretKey":"x","remoteRef":{"remoteKey":"copy","property":"x"}}""", """{"remoteRef":{"remoteKey":"copy"}}""", "x,y")]
    [InlineData("""{"remoteRef":{"remoteKey":"copy"}}""", """{"secretKey":"x","remoteRef":{"remoteKey":"copy","property":"x"}}""", "x")]
    public async Task An_entry_that_becomes_a_property_or_the_whole_of_its_key_is_there_as_it_says(string before, string after, string items)
    {
        await using var stage = await StartedAsync();
        await stage.StartAsync();
        await stage.CreateSecretAsync("source", ("x", "one"), ("y", "two"));
        await PushAsync(stage, "deletionPolicy: Delete\n  data: [{match: " + before + "}]", "[{name: here}]");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, $$$"""{"spec":{"data":[{"match":{{{after}}}}]}}""");
        await ReadyAsync(stage, "True");
        var copy = await stage.Kube.FindAsync(ClusterKinds.Secrets, ExternalStage.Key("copy"), TestContext.Current.CancellationToken);
        Assert.Equal(items.Split(','), copy?.Data?.Keys ?? Enumerable.Empty<string>());
        Assert.Equal("one", Stage.Item(copy!, "x"));
    }

    /// <summary>Without a controller yet.</summary>
    private static async Task<ExternalStage> StartedAsync()
    {
        var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: writer}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: writer}
            rules: [{apiGroups: [""], resources: [secrets], verbs: [get, create, update, delete]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: writer}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}
            subjects: [{kind: ServiceAccount, name: writer, namespace: shop}]
            """);
        await stage.CreateSecretAsync("login", ("token", await stage.Cluster.CreateServiceAccountTokenAsync(ExternalStage.Namespace, "writer", TestContext.Current.CancellationToken)));
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: here}
            spec:
              provider:
                kubernetes:
                  remoteNamespace: {{ExternalStage.Namespace}}
                  server: {url: "{{stage.Cluster.Address}}", caBundle: "{{Convert.ToBase64String(Encoding.ASCII.GetBytes(stage.Cluster.CertificateAuthorityPem))}}"}
                  auth: {token: {bearerToken: {name: login, key: token} } }
            """);
        return stage;
    }
}
