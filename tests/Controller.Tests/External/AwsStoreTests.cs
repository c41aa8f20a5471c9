using System.Globalization;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Aws;
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
        var url = Environment.GetEnvironmentVariable("MOTO_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(url), "no moto here: set MOTO_URL to the address of a moto_server");
        var key = "production/" + Guid.NewGuid().ToString("n");
        await CreateAsync(new Uri(url!), key, """{"password":"hunter2"}""");
        await using var stage = await StageAsync(new Uri(url!));
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
        var guide = await File.ReadAllTextAsync(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "providers", "aws-secrets-manager.md"), TestContext.Current.CancellationToken);
        var start = guide.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        await stage.ApplyAsync(guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)].Replace("namespace: default", "namespace: shop", StringComparison.Ordinal));
        await stage.SecretAsync("db-secret", "password", "hunter2");
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

    /// <summary>moto verifies no signature.</summary>
    private static async Task CreateAsync(Uri moto, string name, string value)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, moto);
        request.Content = new StringContent(new System.Text.Json.Nodes.JsonObject { ["Name"] = name, ["SecretString"] = value }.ToJsonString(), null, "application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "secretsmanager.CreateSecret");
        var day = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=AKIATEST/{day}/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=00");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
