using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Sops;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary><c>deploy/examples/gitops-repo</c>, rendered by kustomize, applied by server-side apply as Argo CD and Flux do, and looked at as they do.</summary>
public sealed class GitOpsRepositoryTests(SharedClusters clusters)
{
    private const string Manager = "argocd-controller";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task Each_environment_is_rendered_applied_and_gets_its_Secrets_and_then_nothing_differs(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        string[] environments = ["development", "staging", "production"];
        await PutExampleKeyAsync(stage);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        stage.Start("--allow-example-key", "--sops-keys-secret", "cluster-keys", "--additional-namespaces", string.Join(',', environments.Select(name => "shop-" + name)));
        foreach (var environment in environments)
        {
            var objects = Render(environment);
            foreach (var item in objects) await ApplyAsync(stage, item);

            var ns = "shop-" + environment;
            var database = await SecretAsync(stage, ns, "database");
            Assert.Equal(("alice", "changeme"), (Stage.Item(database, "username"), Stage.Item(database, "password")));
            var token = await SecretAsync(stage, ns, "api-token");
            Assert.Equal("changeme-" + environment, Stage.Item(token, "token"));
            Assert.All(new[] { database, token }, secret =>
            {
                // Argo CD prunes nothing that has an owner, and tracks by what must not be copied.
                Assert.Single(secret.Metadata.OwnerReferences!);
                Assert.DoesNotContain(secret.Metadata.Annotations ?? [], annotation => annotation.Key.Contains("argocd", StringComparison.Ordinal));
            });

            foreach (var item in objects.Where(item => (string?)item["kind"] is "SealedSecret" or "SopsSecret"))
            {
                var live = await UntilCurrentAsync(stage, item);
                Assert.True(Contains(live, item), $"{item["kind"]} {ns}: what lies there is not what was applied");
                Assert.True(JsonNode.DeepEquals(live["spec"], item["spec"]), $"{item["kind"]} {ns}: the server or the controller added to the spec");
                var again = await ApplyAsync(stage, item);
                Assert.Equal((string?)live["metadata"]!["resourceVersion"], (string?)again["metadata"]!["resourceVersion"]);
            }
        }
    }

    [Theory]
    [InlineData("development")]
    [InlineData("staging")]
    [InlineData("production")]
    public void The_namespace_comes_a_wave_before_its_secrets_and_these_a_wave_before_what_reads_them(string environment)
    {
        var waves = Render(environment).ToLookup(item => (string)item["kind"]!, Wave, StringComparer.Ordinal);
        string[] sealing = ["SealedSecret", "SopsSecret"];
        Assert.All(sealing, kind => Assert.Equal([-1], waves[kind]));
        Assert.Equal([-2], waves["Namespace"]);
        Assert.Contains("Deployment", waves.Select(kind => kind.Key));
        Assert.All(waves.Where(kind => kind.Key != "Namespace" && !sealing.Contains(kind.Key, StringComparer.Ordinal)), kind => Assert.All(kind, wave => Assert.Equal(0, wave)));
    }

    [Fact]
    public void The_Application_of_the_controller_comes_before_those_that_need_it()
    {
        var text = File.ReadAllText(Path.Combine(Stage.RepositoryRoot(), "deploy", "argocd", "applications.yaml"));
        var waves = YamlReader.ReadAll(text).Select(document => document.Root!.AsObject()).ToDictionary(item => (string)item["metadata"]!["name"]!, Wave, StringComparer.Ordinal);
        Assert.True(waves.Count > 1);
        Assert.All(waves.Where(application => application.Key != "gitopssecrets"), application => Assert.True(waves["gitopssecrets"] < application.Value, application.Key));
    }

    private static int Wave(JsonObject item) =>
        int.Parse((string?)item["metadata"]!["annotations"]?["argocd.argoproj.io/sync-wave"] ?? "0", CultureInfo.InvariantCulture);

    [Fact]
    public void No_definition_injects_a_default_into_a_spec()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Stage.RepositoryRoot(), "deploy", "crds"), "*.*.yaml"))
        {
            foreach (var version in YamlReader.Read(File.ReadAllText(file))!["spec"]!["versions"]!.AsArray())
            {
                Assert.False(HasDefault(version!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]), file);
            }
        }
    }

    private static bool HasDefault(JsonNode? schema) => schema switch
    {
        JsonObject map => (map.ContainsKey("default") && map.ContainsKey("type")) || map.Any(entry => HasDefault(entry.Value)),
        JsonArray list => list.Any(HasDefault),
        _ => false,
    };

    private static async Task PutExampleKeyAsync(SopsStage stage)
    {
        var folder = Path.Combine(Stage.RepositoryRoot(), "keys.example");
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta
            {
                Namespace = stage.Home,
                Name = "example",
                Labels = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey },
            },
            Type = SealingKeySecret.SecretType,
            Data = new(StringComparer.Ordinal)
            {
                [SealingKeySecret.KeyItem] = await File.ReadAllBytesAsync(Path.Combine(folder, "tls.key"), Ending),
                [SealingKeySecret.CertificateItem] = await File.ReadAllBytesAsync(Path.Combine(folder, "tls.crt"), Ending),
            },
        }, Ending);
    }

    private static List<JsonObject> Render(string environment)
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", Path.Combine(Stage.RepositoryRoot(), "deploy", "examples", "gitops-repo", "overlays", environment)]) { RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            var objects = YamlReader.ReadAll(text).Select(document => document.Root!.AsObject()).ToList();
            return [.. objects.OrderByDescending(item => (string?)item["kind"] == "Namespace")];
        }
        catch (Win32Exception)
        {
            Assert.Skip("kubectl is not on the PATH");
            throw;
        }
    }

    private static KubeResource ResourceOf(JsonObject item)
    {
        var version = ((string)item["apiVersion"]!).Split('/');
        return new KubeResource(version.Length == 1 ? "" : version[0], version[^1], ((string)item["kind"]!).ToLowerInvariant() + "s", Namespaced: (string?)item["kind"] != "Namespace");
    }

    private static NamespacedName KeyOf(JsonObject item) => new((string?)item["metadata"]!["namespace"] ?? "", (string)item["metadata"]!["name"]!);

    private static async Task<JsonObject> ApplyAsync(SopsStage stage, JsonObject item)
    {
        try
        {
            return await stage.Kube.ApplyAsync(KubeKind.Untyped(ResourceOf(item)), KeyOf(item), item.DeepClone().AsObject(), Manager, force: true, Ending);
        }
        catch (KubeApiException refused) when (!stage.Cluster.IsReal && refused.IsNotFound && (string?)item["kind"] is "Deployment" or "Service")
        {
            // The in-process server need not know every kind.
            return item;
        }
    }

    private static Task<Secret> SecretAsync(SopsStage stage, string ns, string name) =>
        stage.UntilAsync(ClusterKinds.Secrets, ns, all => all.FirstOrDefault(secret => secret.Metadata.Name == name));

    private static Task<JsonObject> UntilCurrentAsync(SopsStage stage, JsonObject item) => stage.UntilAsync(KubeKind.Untyped(ResourceOf(item)), KeyOf(item).Namespace, all => all.FirstOrDefault(live =>
        (string?)live["metadata"]!["name"] == KeyOf(item).Name && live["status"]?["observedGeneration"] is { } observed && (long)observed > 0 && Kstatus.Of(live) == Kstatus.Current));

    /// <summary>Whether everything that was applied is there as it was applied.</summary>
    private static bool Contains(JsonNode? live, JsonNode? applied) => (live, applied) switch
    {
        (JsonObject there, JsonObject wanted) => wanted.All(entry => Contains(there[entry.Key], entry.Value)),
        (JsonArray there, JsonArray wanted) => there.Count == wanted.Count && there.Zip(wanted).All(pair => Contains(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(live, applied),
    };
}
