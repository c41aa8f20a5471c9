using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>deploy/argocd</c>: the plugin's commands run as Argo CD runs them, in the folder of an Application.</summary>
public sealed class ArgoCdPluginTests : IDisposable
{
    private static readonly string KrmFolder = Path.Combine(Shell.Repository, "deploy/argocd/krm");
    private readonly WorkFolder _work = new();
    private readonly Shell _shell;

    public ArgoCdPluginTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Argo CD runs its plugins on Linux");
        _shell = new Shell(_work);
        _shell.Environment["SOPS_AGE_KEY_FILE"] = SopsVectors.KeyFile("age-a");
        _shell.Program("kustomize", """test "$1" = build && echo "kind: ConfigMap" && echo "---" && cat secret.yaml && test ! -e broken """);
        File.Copy(SopsVectors.PathOf("cases/01-yaml-k8s-secret-age/encrypted.yaml"), _work.File("secret.yaml"));
    }

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_plugin_renders_a_folder_with_and_without_a_kustomization(bool kustomized)
    {
        if (kustomized) await File.WriteAllTextAsync(_work.File("kustomization.yaml"), "resources: [secret.yaml]\n", TestContext.Current.CancellationToken);
        var run = await GenerateAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("username: shop_rw", run.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("ENC[", run.OutputText, StringComparison.Ordinal);
        Assert.Equal(kustomized, run.OutputText.Contains("kind: ConfigMap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_build_that_fails_or_a_key_that_is_missing_leaves_nothing_to_apply()
    {
        await File.WriteAllTextAsync(_work.File("kustomization.yaml"), "resources: [secret.yaml]\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_work.File("broken"), "", TestContext.Current.CancellationToken);
        var failed = await GenerateAsync();
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Empty(failed.Output);
        File.Delete(_work.File("broken"));
        _shell.Environment["SOPS_AGE_KEY_FILE"] = SopsVectors.KeyFile("age-b");
        var closed = await GenerateAsync();
        Assert.NotEqual(0, closed.ExitCode);
        Assert.Empty(closed.Output);
    }

    [Fact]
    public async Task The_sidecar_mounts_what_the_plugin_needs()
    {
        var plugin = Manifest("plugin-configmap.yaml");
        var sidecar = Manifest("repo-server-patch.yaml")["spec"]!["template"]!["spec"]!;
        var container = sidecar["containers"]![0]!;
        var mounts = container["volumeMounts"]!.AsArray();
        Assert.Contains(mounts, mount => (string?)mount!["mountPath"] == "/home/argocd/cmp-server/config/plugin.yaml");
        var volumes = sidecar["volumes"]!.AsArray();
        Assert.Contains(volumes, volume => (string?)volume!["configMap"]?["name"] == (string?)plugin["metadata"]!["name"]);
        // The repo server's own volumes are not ours to define; every other mount is one of these.
        Assert.Equal(["plugins", "var-files"], mounts.Select(mount => (string)mount!["name"]!).Except(volumes.Select(volume => (string)volume!["name"]!)).Order());
        Assert.Equal("/keys/keys.txt", (string?)container["env"]![0]!["value"]);
        Assert.Contains("AS argocd-plugin", await File.ReadAllTextAsync(Path.Combine(Shell.Repository, "deploy/Dockerfile"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal((string?)Plugin()["metadata"]!["name"], (string?)Manifest("application.yaml")["spec"]!["source"]!["plugin"]!["name"]);
    }

    [Fact]
    public async Task The_KRM_example_is_a_function_that_kustomize_could_run()
    {
        var kustomization = Manifest("krm/kustomization.yaml");
        var render = Manifest("krm/" + (string?)kustomization["transformers"]!.AsArray().Single());
        var function = YamlReader.Read((string)render["metadata"]!["annotations"]!["config.kubernetes.io/function"]!)!;
        var list = new JsonObject
        {
            ["apiVersion"] = "config.kubernetes.io/v1",
            ["kind"] = "ResourceList",
            ["items"] = new JsonArray([.. kustomization["resources"]!.AsArray().Select(file => Manifest("krm/" + (string?)file))]),
            ["functionConfig"] = render,
        };
        await File.WriteAllTextAsync(_work.File("list.yaml"), YamlWriter.Write(list), TestContext.Current.CancellationToken);
        var program = Path.Combine(KrmFolder, (string)function["exec"]!["path"]!);
        var run = await _shell.RunAsync($"'{program}' < list.yaml", _work.Path, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        var rendered = YamlReader.Read(run.OutputText)!;
        Assert.Equal("ResourceList", (string?)rendered["kind"]);
        Assert.Equal("changeme", (string?)rendered["items"]![0]!["stringData"]!["password"]);
    }

    [Fact]
    public async Task Kustomize_itself_runs_the_KRM_example()
    {
        _shell.Restore("kustomize");
        Assert.SkipUnless(await IsThereAsync("kustomize version"), "kustomize is not on the PATH, and the one within kubectl runs no functions");
        var run = await _shell.RunAsync($"kustomize build --enable-alpha-plugins --enable-exec '{KrmFolder}'", _work.Path, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        var secret = YamlReader.Read(run.OutputText)!;
        Assert.Equal(("registry", "changeme"), ((string?)secret["metadata"]!["name"], (string?)secret["stringData"]!["password"]));
        Assert.Null(secret["sops"]);
    }

    [Fact]
    public async Task What_Kustomize_builds_is_rendered_on_a_pipe()
    {
        Assert.SkipUnless(await IsThereAsync("kubectl version --client"), "kubectl is not on the PATH");
        File.Copy(Path.Combine(KrmFolder, "secret.enc.yaml"), _work.File("secret.enc.yaml"));
        await File.WriteAllTextAsync(_work.File("kustomization.yaml"), """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namePrefix: blue-
            resources: [secret.enc.yaml]
            secretGenerator:
              - {name: made, files: [whole.yaml], options: {disableNameSuffixHash: true}}
            configMapGenerator:
              - {name: plain, literals: [a=b], options: {disableNameSuffixHash: true}}
            """, TestContext.Current.CancellationToken);
        File.Copy(SopsVectors.PathOf("cases/01-yaml-k8s-secret-age/encrypted.yaml"), _work.File("whole.yaml"));
        var run = await _shell.RunAsync("kubectl kustomize . | seal render -", _work.Path, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        var objects = YamlReader.ReadAll(run.OutputText).Select(document => document.Root).OfType<JsonObject>().ToDictionary(item => (string)item["metadata"]!["name"]!, StringComparer.Ordinal);
        Assert.Equal(["blue-made", "blue-plain", "blue-registry"], objects.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("changeme", (string?)objects["blue-registry"]["stringData"]!["password"]);
        Assert.Equal("b", (string?)objects["blue-plain"]["data"]!["a"]);
        var whole = Encoding.UTF8.GetString(Convert.FromBase64String((string)objects["blue-made"]["data"]!["whole.yaml"]!));
        Assert.Contains("username: shop_rw", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("ENC[", run.OutputText + whole, StringComparison.Ordinal);
    }

    private async Task<bool> IsThereAsync(string command) => (await _shell.RunAsync(command, _work.Path, TestContext.Current.CancellationToken)).ExitCode == 0;

    private async Task<SealRun> GenerateAsync()
    {
        var generate = Plugin()["spec"]!["generate"]!;
        var words = generate["command"]!.AsArray().Concat(generate["args"]!.AsArray()).Select(word => (string)word!).ToList();
        return await _shell.RunAsync(words[0], words[1..], _work.Path, TestContext.Current.CancellationToken);
    }

    private static JsonNode Plugin() => YamlReader.Read((string)Manifest("plugin-configmap.yaml")["data"]!["plugin.yaml"]!)!;

    private static JsonNode Manifest(string file) => YamlReader.Read(File.ReadAllText(Path.Combine(Shell.Repository, "deploy/argocd", file)))!;
}
