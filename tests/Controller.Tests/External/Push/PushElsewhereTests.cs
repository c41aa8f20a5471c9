using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using static GitOpsSecrets.Controller.Tests.External.Push.PushStage;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>A PushSecret to a store of the provider Kubernetes, whose metadata name the namespace, and then another.</summary>
public sealed class PushElsewhereTests
{
    private const string Everything = "get, create, update, delete";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Delete", "Replace", false)]
    [InlineData("Delete", "IfNotExists", false)]
    [InlineData("None", "Replace", true)]
    [InlineData("None", "IfNotExists", true)]
    public async Task What_was_pushed_into_another_namespace_before_goes_only_with_deletionPolicy_Delete(string deletion, string update, bool stays)
    {
        await using var stage = await StartedAsync();
        await CreateAsync(stage, "team-a", "theirs");
        await PushAsync(stage, "team-a", $"deletionPolicy: {deletion}\n  updatePolicy: {update}");
        await ReadyAsync(stage, "True");
        Assert.Equal(["key", "theirs"], await KeysAsync(stage, "team-a"));

        await MoveAsync(stage, "team-b");
        Assert.Equal(["copy/key"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Equal(["key"], await KeysAsync(stage, "team-b"));
        // What somebody else has in that Secret stays either way.
        Assert.Equal(stays ? ["key", "theirs"] : ["theirs"], await KeysAsync(stage, "team-a"));

        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.Equal(stays ? ["key"] : [], await KeysAsync(stage, "team-b"));
    }

    [Fact]
    public async Task With_updatePolicy_IfNotExists_what_another_namespace_has_already_is_not_taken_for_what_was_pushed()
    {
        await using var stage = await StartedAsync();
        await CreateAsync(stage, "team-b", "key");
        await PushAsync(stage, "team-a", "deletionPolicy: Delete\n  updatePolicy: IfNotExists");
        await ReadyAsync(stage, "True");
        await MoveAsync(stage, "team-b");
        Assert.Empty(LyingIn(await ReadyAsync(stage, "True")));
        Assert.Empty(await KeysAsync(stage, "team-a"));
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.Equal("theirs", Stage.Item(await stage.SecretAsync("copy", ns: "team-b"), "key"));
    }

    [Fact]
    public async Task What_cannot_be_taken_back_from_another_namespace_is_remembered_until_it_can()
    {
        await using var stage = await StartedAsync(inTeamA: "get, create, update");
        await PushAsync(stage, "team-a", "deletionPolicy: Delete");
        await ReadyAsync(stage, "True");
        await MoveAsync(stage, "team-b");
        var told = await ReadyAsync(stage, "False", "Failed to Delete Secrets from Provider: copy/key (team-a) of ClusterSecretStore/all: ");
        Assert.Equal(["copy/key", "copy/key (team-a)"], LyingIn(told));
        Assert.Equal(["key"], await KeysAsync(stage, "team-a"));
        Assert.Equal(["key"], await KeysAsync(stage, "team-b"));

        // Back again: what lies there is the one that is wanted now.
        await MoveAsync(stage, "team-a");
        Assert.Equal(["copy/key"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Equal(["key"], await KeysAsync(stage, "team-a"));
        Assert.Empty(await KeysAsync(stage, "team-b"));

        await MoveAsync(stage, "team-b");
        await ReadyAsync(stage, "False", "Failed to Delete Secrets from Provider: copy/key (team-a) of ClusterSecretStore/all: ");
        await stage.Kube.PatchAsync(KubeKind.Untyped(new KubeResource("rbac.authorization.k8s.io", "v1", "roles")), new("team-a", "writer"), Rights(Everything), Ending);
        Assert.Equal(["copy/key"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Empty(await KeysAsync(stage, "team-a"));
        Assert.Equal(["key"], await KeysAsync(stage, "team-b"));
    }

    private static async Task<ExternalStage> StartedAsync(string inTeamA = Everything)
    {
        var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        await stage.StartAsync();
        await stage.ApplyAsync("{apiVersion: v1, kind: ServiceAccount, metadata: {name: writer}}");
        foreach (var (ns, verbs) in ((string, string)[])[("team-a", inTeamA), ("team-b", Everything)])
        {
            await stage.NamespaceAsync(ns);
            await stage.ApplyAsync($$"""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: writer, namespace: {{ns}} }
                rules: [{apiGroups: [""], resources: [secrets], verbs: [{{verbs}}]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: writer, namespace: {{ns}} }
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}
                subjects: [{kind: ServiceAccount, name: writer, namespace: shop}]
                """);
        }
        await stage.CreateSecretAsync("login", ("token", await stage.Cluster.CreateServiceAccountTokenAsync(ExternalStage.Namespace, "writer", Ending)));
        await stage.CreateSecretAsync("source", ("key", "one"));
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec:
              provider:
                kubernetes:
                  server: {url: "{{stage.Cluster.Address}}", caBundle: "{{Convert.ToBase64String(Encoding.ASCII.GetBytes(stage.Cluster.CertificateAuthorityPem))}}"}
                  auth: {token: {bearerToken: {name: login, namespace: shop, key: token} } }
            """);
        return stage;
    }

    private static JsonObject Rights(string verbs) => new()
    {
        ["rules"] = new JsonArray(new JsonObject { ["apiGroups"] = new JsonArray(""), ["resources"] = new JsonArray("secrets"), ["verbs"] = new JsonArray([.. verbs.Split(", ").Select(verb => (JsonNode)verb)]) }),
    };

    private static Task PushAsync(ExternalStage stage, string ns, string policies) =>
        PushStage.PushAsync(stage, $"{policies}\n  data: {Data(ns)}", "[{name: all, kind: ClusterSecretStore}]");

    private static Task<PushSecret> MoveAsync(ExternalStage stage, string ns) => PatchAsync(stage, """{"spec":{"data":DATA}}""".Replace("DATA", Data(ns), StringComparison.Ordinal));

    private static string Data(string ns) => """
        [{"match":{"secretKey":"key","remoteRef":{"remoteKey":"copy","property":"key"}},
          "metadata":{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{"remoteNamespace":"NAMESPACE"}}}]
        """.Replace("NAMESPACE", ns, StringComparison.Ordinal).ReplaceLineEndings("");

    private static Task<Secret> CreateAsync(ExternalStage stage, string ns, string item) =>
        stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret { Metadata = new ObjectMeta { Namespace = ns, Name = "copy" }, Data = new(StringComparer.Ordinal) { [item] = "theirs"u8.ToArray() } }, Ending);

    /// <summary>The items of the Secret there; none when there is no Secret.</summary>
    private static async Task<IEnumerable<string>> KeysAsync(ExternalStage stage, string ns) =>
        (await stage.Kube.FindAsync(ClusterKinds.Secrets, new(ns, "copy"), Ending))?.Data?.Keys ?? Enumerable.Empty<string>();

    private static IEnumerable<string> LyingIn(PushSecret push) => push.Status!.SyncedPushSecrets?.Single().Value.Keys ?? Enumerable.Empty<string>();
}
