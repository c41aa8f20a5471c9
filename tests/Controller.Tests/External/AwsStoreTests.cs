using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Tests.Aws;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>From a manifest to a Secret, with AWS behind it.</summary>
public sealed class AwsStoreTests
{
    private const string Role = "arn:aws:iam::123456789012:role/my-app";

    [Fact]
    public async Task The_ExternalSecret_of_the_GitOps_guides_works_as_it_is_written()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        aws.Secrets.Put("production/database", """{"username":"app","password":"hunter2"}""");
        await using var stage = await StageAsync(aws.Address);
        await stage.StartAsync();
        await stage.ApplyAsync(Store(""));
        var manifest = Path.Combine(EndToEnd.Stage.RepositoryRoot(), "tests", "vectors", "external-secrets", "kinds", "external-secret-v1beta1.yaml");
        await stage.ApplyAsync(await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken));
        await stage.SecretAsync("db-secret", "password", "hunter2");
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-test", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_on_moto_too()
    {
        var moto = Moto.Address();
        var key = "production/" + Guid.NewGuid().ToString("n");
        await Moto.AskAsync(moto, "secretsmanager", "secretsmanager.CreateSecret", new JsonObject { ["Name"] = key, ["SecretString"] = """{"password":"hunter2"}""" });
        await using var stage = await StageAsync(moto);
        await stage.StartAsync();
        await stage.ApplyAsync(Store(""));
        await stage.ApplyAsync(External("db", key, "1h"));
        await stage.SecretAsync("db", "password", "hunter2");
    }

    [Fact]
    public async Task The_guide_of_the_store_works_with_a_service_account()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.Roles[Role] = null;
        aws.Secrets.Put("production/database", """{"password":"hunter2"}""");
        await using var stage = await StageAsync(aws.Address);
        await stage.StartAsync();
        await stage.ApplyAsync($$$$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"my-app","annotations":{"eks.amazonaws.com/role-arn":"{{{{Role}}}}"}}}""");
        await stage.ApplyAsync(await FirstBlockAsync("aws-secrets-manager.md"));
        await stage.SecretAsync("db-secret", "password", "hunter2");
    }

    [Fact]
    public async Task The_guide_of_certificates_works_as_it_is_written()
    {
        using var pair = new TestPair();
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        var issued = aws.Certificates.Issue(pair.Private, pair.Leaf, pair.Authority);
        await using var stage = await StageAsync(aws.Address);
        await stage.CreateSecretAsync("shop-tls", ("tls.crt", pair.Leaf + pair.Authority), ("tls.key", pair.Key));
        await stage.StartAsync();
        var guide = await FirstBlockAsync("aws-certificate-manager.md");
        await stage.ApplyAsync(guide.Replace("arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012", issued.Arn, StringComparison.Ordinal)
            .Replace("access-key-id", "id", StringComparison.Ordinal).Replace("secret-access-key", "secret", StringComparison.Ordinal));
        var read = await stage.SecretAsync("internal-tls", "tls.key", pair.Key);
        Assert.Equal(("kubernetes.io/tls", pair.Leaf + pair.Authority), (read.Type, EndToEnd.Stage.Item(read, "tls.crt")));
        var pushed = await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(push => push.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true));
        Assert.NotNull(pushed);
        var imported = aws.Certificates.All.Single(certificate => certificate != issued);
        Assert.Equal((pair.Leaf, "payments"), (imported.Leaf, imported.Tags["team"]));
        Assert.DoesNotContain(pair.Key.Split('\n')[1], stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundreds_of_objects_over_fifty_keys_take_three_calls_and_one_login()
    {
        const int Objects = 300;
        const int Keys = 50;
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        aws.Roles[Role] = null;
        for (var i = 0; i < Keys; i++) aws.Secrets.Put($"app/{i}", $$"""{"password":"value-{{i}}"}""");
        await using var stage = await StageAsync(aws.Address);
        await stage.ApplyAsync(Store($"role: {Role}"));
        await Parallel.ForAsync(0, Objects, TestContext.Current.CancellationToken, async (i, _) => await stage.ApplyAsync(External($"db-{i}", $"app/{i % Keys}", "1h")));
        await stage.StartAsync();
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
        await stage.SecretAsync("db-299", "password", "value-49");
        Assert.Equal(3, aws.Calls("BatchGetSecretValue").Count);
        Assert.Empty(aws.Calls("GetSecretValue"));
        Assert.Single(aws.Calls("AssumeRole"));
    }

    private static async Task<ExternalStage> StageAsync(Uri address)
    {
        var stage = await ExternalStage.SetAsync();
        stage.Providers = new ProviderCatalog([new AwsProvider(name => name == "AWS_ENDPOINT_URL" ? address.ToString() : null)]);
        await stage.CreateSecretAsync("aws", ("id", "AKIATEST"), ("secret", "secret-of-the-test"));
        return stage;
    }

    /// <summary>The manifests that a page begins with, in the namespace of the stage.</summary>
    private static async Task<string> FirstBlockAsync(string page)
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "providers", page), TestContext.Current.CancellationToken);
        var start = guide.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        return guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)].Replace("namespace: default", $"namespace: {ExternalStage.Namespace}", StringComparison.Ordinal);
    }

    private static string Store(string more) => $$"""
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: {name: aws-secrets-manager}
        spec:
          provider:
            aws:
              service: SecretsManager
              region: eu-west-1
              auth:
                secretRef:
                  accessKeyIDSecretRef: {name: aws, key: id}
                  secretAccessKeySecretRef: {name: aws, key: secret}
              {{more}}
        """;

    private static string External(string name, string key, string interval) => $$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{{name}}}}
        spec:
          refreshInterval: {{{interval}}}
          secretStoreRef: {name: aws-secrets-manager, kind: SecretStore}
          data: [{secretKey: password, remoteRef: {key: {{{key}}}, property: password}}]
        """;
}
