using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>What the integration suite of Sealed Secrets asserts of kubeseal, spec by spec, asserted of <c>seal</c> under that name.</summary>
public sealed class OriginalCommandSuiteTests(Deployments deployments)
{
    private static readonly byte[] NoInput = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task Kubeseal_without_arguments__seals_for_the_kind_name_and_namespace_of_the_input(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var sealedSecret = Parse(await KubesealAsync(tenant.Deployment, [], InputOf(tenant.Secret())));
        Assert.Equal((SealedSecret.GroupVersion, SealedSecret.SealedSecretKind), (sealedSecret.ApiVersion, sealedSecret.Kind));
        Assert.Equal((tenant.Namespace, "testsecret"), (sealedSecret.Metadata.Namespace, sealedSecret.Metadata.Name));
    }

    [Theory, OnEachCluster]
    public async Task Kubeseal_without_arguments__seals_what_the_controller_opens(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.CreateAsync(Parse(await KubesealAsync(tenant.Deployment, [], InputOf(tenant.Secret()))));
        await tenant.SecretAsync("testsecret", secret => Assert.Equal("bar", Tenant.Item(secret, "foo")));
    }

    [Theory, OnEachCluster]
    public async Task Namespace_of_the_kubeconfig_context__is_taken_when_the_input_has_none(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var kubeconfig = KubeconfigFor(tenant);
        var sealedSecret = Parse(await KubesealAsync(tenant.Deployment, [], InputOf(WithoutNamespace(tenant)), kubeconfig));
        Assert.Equal(tenant.Namespace, sealedSecret.Metadata.Namespace);
    }

    [Theory, OnEachCluster]
    public async Task Namespace_of_the_kubeconfig_context__is_where_it_opens(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.CreateAsync(Parse(await KubesealAsync(tenant.Deployment, [], InputOf(WithoutNamespace(tenant)), KubeconfigFor(tenant))));
        await tenant.SecretAsync("testsecret", secret => Assert.Equal("bar", Tenant.Item(secret, "foo")));
    }

    [Theory, OnEachCluster]
    public async Task Namespace_argument__is_taken_when_the_input_has_none(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var sealedSecret = Parse(await KubesealAsync(tenant.Deployment, ["-n", tenant.Namespace], InputOf(WithoutNamespace(tenant))));
        Assert.Equal(tenant.Namespace, sealedSecret.Metadata.Namespace);
    }

    [Theory, OnEachCluster]
    public async Task Namespace_argument__is_where_it_opens(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.CreateAsync(Parse(await KubesealAsync(tenant.Deployment, ["-n", tenant.Namespace], InputOf(WithoutNamespace(tenant)))));
        await tenant.SecretAsync("testsecret", secret => Assert.Equal("bar", Tenant.Item(secret, "foo")));
    }

    [Theory, OnEachCluster]
    public async Task Cert_argument__needs_no_API_server(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        using var folder = new WorkFolder();
        await File.WriteAllTextAsync(folder.File("cert.pem"), (await tenant.Deployment.CertificateAsync(Stop)).Pem, Stop);
        await File.WriteAllTextAsync(folder.File("unreachable"), tenant.Deployment.Cluster.Kubeconfig.Replace(tenant.Deployment.Cluster.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "1", StringComparison.Ordinal), Stop);
        var sealedSecret = Parse(await KubesealAsync(tenant.Deployment, ["--cert", folder.File("cert.pem")], InputOf(tenant.Secret()), folder.File("unreachable")));
        await tenant.CreateAsync(sealedSecret);
        await tenant.SecretAsync("testsecret", secret => Assert.Equal("bar", Tenant.Item(secret, "foo")));
    }

    [Theory, OnEachCluster]
    public async Task No_input__is_an_error(ClusterKind kind)
    {
        var run = await KubesealAsync(await deployments.OnAsync(kind, Stop), [], NoInput);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Fetch_cert__is_the_certificate_of_the_newest_key_Secret(ClusterKind kind)
    {
        var deployment = await deployments.OnAsync(kind, Stop);
        var run = await KubesealAsync(deployment, ["--fetch-cert"], NoInput);
        Assert.Equal(0, run.ExitCode);
        var newest = (await KeySecretsAsync(deployment)).OrderBy(secret => (string?)secret["metadata"]!["creationTimestamp"], StringComparer.Ordinal).Last();
        Assert.Equal(Tenant.Item(newest, "tls.crt"), run.OutputText);
    }

    [Fact]
    public async Task Version__is_a_tag_or_a_commit()
    {
        using var folder = new WorkFolder();
        var run = await SealProgram.RunAsync(Kubeseal(folder), ["--version"], NoInput, folder.Path, new Dictionary<string, string>(), Stop);
        Assert.Matches(@"^kubeseal version: (v[0-9]+\.[0-9]+\.[0-9]+|[0-9a-f]{40})(\+dirty)?", run.OutputText);
    }

    [Theory, OnEachCluster]
    public async Task Validate__passes_what_opens(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var run = await KubesealAsync(tenant.Deployment, ["--validate"], InputOf(await tenant.SealAsync(tenant.Secret())));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory, OnEachCluster]
    public async Task Validate__fails_what_was_renamed(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var sealedSecret = await tenant.SealAsync(tenant.Secret());
        var run = await KubesealAsync(tenant.Deployment, ["--validate"], InputOf(sealedSecret with { Metadata = sealedSecret.Metadata with { Name = "not-testsecret" } }));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("unable to decrypt sealed secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cert__of_a_missing_file__is_an_error()
    {
        using var folder = new WorkFolder();
        var run = await SealProgram.RunAsync(Kubeseal(folder), ["--cert", "/?this/file/cannot/possibly/exist/right?"], NoInput, folder.Path, new Dictionary<string, string>(), Stop);
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^error:.*no such file or directory", run.Error);
    }

    [Theory, OnEachCluster]
    public async Task Recovery_unseal__without_a_key__fails(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var run = await KubesealAsync(tenant.Deployment, ["--recovery-unseal"], InputOf(await tenant.SealAsync(tenant.Secret())));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Matches(@"^error:.*key could decrypt secret \(.*\)", run.Error);
    }

    [Theory, OnEachCluster]
    public async Task Recovery_unseal__with_a_list_of_the_key_Secrets__opens(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        using var folder = new WorkFolder();
        // As the original's suite writes it: a list of Secrets without kind or apiVersion, the Secrets likewise.
        var items = (await KeySecretsAsync(tenant.Deployment)).Select(secret => new JsonObject { ["metadata"] = secret["metadata"]!.DeepClone(), ["data"] = secret["data"]!.DeepClone(), ["type"] = secret["type"]!.DeepClone() });
        await File.WriteAllTextAsync(folder.File("keys.json"), new JsonObject { ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. items]) }.ToJsonString(), Stop);

        var run = await KubesealAsync(tenant.Deployment, ["--recovery-unseal", "--recovery-private-key", folder.File("keys.json")], InputOf(await tenant.SealAsync(tenant.Secret())));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("bar", Tenant.Item(JsonNode.Parse(run.OutputText)!.AsObject(), "foo"));
    }

    private static Secret WithoutNamespace(Tenant tenant)
    {
        var secret = tenant.Secret();
        return secret with { Metadata = secret.Metadata with { Namespace = null } };
    }

    private static string KubeconfigFor(Tenant tenant)
    {
        var path = Path.Combine(Path.GetDirectoryName(tenant.Deployment.ControllerKubeconfig)!, $"{tenant.Namespace}.kubeconfig");
        var text = tenant.Deployment.Cluster.Kubeconfig;
        var config = Api.Yaml.YamlReader.Read(text)!;
        foreach (var context in config["contexts"]!.AsArray()) context!["context"]!["namespace"] = tenant.Namespace;
        File.WriteAllText(path, Api.Yaml.YamlWriter.Write(config));
        return path;
    }

    private static async Task<SealRun> KubesealAsync(Deployment deployment, IEnumerable<string> arguments, byte[] input, string? kubeconfig = null)
    {
        using var folder = new WorkFolder();
        var environment = new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig ?? deployment.Cluster.KubeconfigPath };
        return await SealProgram.RunAsync(Kubeseal(folder), arguments, input, folder.Path, environment, Stop);
    }

    /// <summary>The same executable under the original's name.</summary>
    private static string Kubeseal(WorkFolder folder)
    {
        File.CreateSymbolicLink(folder.File("kubeseal"), SealProgram.Path);
        return folder.File("kubeseal");
    }

    private static SealedSecret Parse(SealRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonSerializer.Deserialize(run.Output, ApiJson.Compact.SealedSecret)!;
    }

    private static byte[] InputOf(Secret secret) => JsonSerializer.SerializeToUtf8Bytes(secret, ApiJson.Compact.Secret);

    private static byte[] InputOf(SealedSecret sealedSecret) => JsonSerializer.SerializeToUtf8Bytes(sealedSecret, ApiJson.Compact.SealedSecret);

    private static async Task<IReadOnlyList<JsonObject>> KeySecretsAsync(Deployment deployment)
    {
        var path = new Uri($"/api/v1/namespaces/{Deployment.Namespace}/secrets?labelSelector={Uri.EscapeDataString(SealedSecretAnnotations.SealingKeyLabel)}%3Dactive", UriKind.Relative);
        var list = JsonNode.Parse(Encoding.UTF8.GetString(await deployment.Api.GetByteArrayAsync(path, Stop)))!;
        return [.. list["items"]!.AsArray().Select(item => item!.AsObject())];
    }
}
