using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Aws;

/// <summary>A simulated AWS, and stores that speak to it.</summary>
internal sealed class AwsSetUp : IAsyncDisposable
{
    public const string Keys = """{"secretRef":{"accessKeyIDSecretRef":{"name":"aws","key":"id"},"secretAccessKeySecretRef":{"name":"aws","key":"secret"}}}""";

    private AwsSetUp(FakeTimeProvider time, AwsSimulator aws) => (Time, Aws) = (time, aws);

    public FakeTimeProvider Time { get; }

    public AwsSimulator Aws { get; }

    public MemoryCluster Cluster { get; } = new("team-a");

    public CallLog Calls { get; } = new();

    /// <summary>The controller's environment.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public RetrySettings Retry { get; set; } = new(0, null);

    public static async Task<AwsSetUp> MakeAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var set = new AwsSetUp(time, await AwsSimulator.StartAsync(time));
        set.Aws.AddKey("AKIATEST", "secret-of-the-test");
        set.Cluster.Put("team-a", "aws", "id", "AKIATEST");
        set.Cluster.Put("team-a", "aws", "secret", "secret-of-the-test\n");
        set.Variables["AWS_SECRETSMANAGER_ENDPOINT"] = set.Aws.Address.ToString();
        set.Variables["AWS_SSM_ENDPOINT"] = set.Aws.Address.ToString();
        set.Variables["AWS_STS_ENDPOINT"] = set.Aws.Address.ToString();
        set.Variables["AWS_ACM_ENDPOINT"] = set.Aws.Address.ToString();
        set.Variables["AWS_RESOURCE_GROUPS_TAGGING_API_ENDPOINT"] = set.Aws.Address.ToString();
        set.Variables["AWS_ENDPOINT_URL_ECR"] = set.Aws.Address.ToString();
        set.Variables["AWS_ENDPOINT_URL_ECR_PUBLIC"] = set.Aws.Address.ToString();
        return set;
    }

    public Task<ISecretSource> OpenAsync(Action<JsonObject>? change = null) => OpenAsync("SecretsManager", change);

    public Task<ISecretSource> OpenParametersAsync(Action<JsonObject>? change = null) => OpenAsync("ParameterStore", change);

    public Task<ISecretSource> OpenCertificatesAsync(Action<JsonObject>? change = null) => OpenAsync("CertificateManager", change);

    /// <summary>As a cluster store, in the name of the cluster's caller.</summary>
    public Task<ISecretSource> OpenWideAsync(Action<JsonObject> change) => OpenAsync("SecretsManager", change, isWide: true);

    public static PushRequest Push(string key, string? property, string value, string? metadata = null) => PushBytes(key, property, Encoding.UTF8.GetBytes(value), metadata);

    public static PushRequest PushBytes(string key, string? property, byte[] value, string? metadata = null)
    {
        var item = new SecretValues();
        item.Set("item", value);
        return new PushRequest(new(key, property), item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), Wishes(metadata));
    }

    /// <summary>A whole Secret of the type kubernetes.io/tls.</summary>
    public static PushRequest PushPair(string key, string certificates, string privateKey, string? metadata = null)
    {
        var items = new SecretValues();
        items.Set("tls.crt", Encoding.UTF8.GetBytes(certificates));
        items.Set("tls.key", Encoding.UTF8.GetBytes(privateKey));
        return new PushRequest(new(key, null), items, null, "kubernetes.io/tls", new Dictionary<string, string>(), new Dictionary<string, string>(), Wishes(metadata));
    }

    public ValueTask DisposeAsync() => Aws.DisposeAsync();

    private static JsonElement? Wishes(string? metadata) =>
        metadata is null ? null : JsonDocument.Parse($$$"""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{{{metadata}}}}""").RootElement;

    private async Task<ISecretSource> OpenAsync(string service, Action<JsonObject>? change, bool isWide = false)
    {
        var options = new JsonObject { ["service"] = service, ["region"] = "eu-west-1", ["auth"] = JsonNode.Parse(Keys) };
        change?.Invoke(options);
        var store = new StoreDescription(isWide ? "ClusterSecretStore" : "SecretStore", "aws", isWide ? null : "team-a", JsonSerializer.SerializeToElement(options));
        var provider = new AwsProvider(Variables.GetValueOrDefault);
        Assert.Empty(provider.Check(store));
        return await provider.OpenAsync(new StoreContext(store, Cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), Calls, Retry, Time), TestContext.Current.CancellationToken);
    }
}
