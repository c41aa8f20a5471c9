using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>A simulated Azure, and stores that speak to it over TLS.</summary>
internal sealed class AzureSetUp : IAsyncDisposable
{
    public const string Client = "99999999-0000-0000-0000-000000000001";
    public const string Password = "password-of-the-application";
    private readonly TestCertificates certificates;

    private AzureSetUp(TestCertificates certificates, FakeTimeProvider time, AzureSimulator azure) => (this.certificates, Time, Azure) = (certificates, time, azure);

    public FakeTimeProvider Time { get; }

    public AzureSimulator Azure { get; }

    public MemoryCluster Cluster { get; } = new("team-a");

    public CallLog Calls { get; } = new();

    /// <summary>The environment of the controller.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public X509Certificate2Collection Authorities => certificates.Authorities;

    /// <summary>Whatever a name, it is the simulator, and so is the metadata server.</summary>
    public IProviderHttp Http => HttpOf(new ProviderHttpOptions { MaxRetries = 1, RetryDelay = TimeSpan.Zero });

    public static async Task<AzureSetUp> MakeAsync()
    {
        var certificates = new TestCertificates();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var set = new AzureSetUp(certificates, time, await AzureSimulator.StartAsync(time, certificates, "app.vault.test"));
        set.Azure.Accept(Client, Password);
        set.Cluster.Put("team-a", "azure", "id", Client);
        set.Cluster.Put("team-a", "azure", "password", Password + "\n");
        return set;
    }

    /// <summary>Options of a store with the application's password, if they are not changed.</summary>
    public JsonObject Options(Action<JsonObject>? change = null)
    {
        var options = new JsonObject
        {
            ["vaultUrl"] = Azure.Address.ToString(),
            ["tenantId"] = AzureSimulator.Tenant,
            ["environmentType"] = "AzureStackCloud",
            ["customCloudConfig"] = new JsonObject { ["activeDirectoryEndpoint"] = Azure.Address.ToString(), ["keyVaultEndpoint"] = Azure.Resource },
            ["authSecretRef"] = JsonNode.Parse("""{"clientId":{"name":"azure","key":"id"},"clientSecret":{"name":"azure","key":"password"}}"""),
        };
        change?.Invoke(options);
        return options;
    }

    public Task<ISecretSource> OpenAsync(Action<JsonObject>? change = null) => OpenAsync(Options(change));

    public async Task<ISecretSource> OpenAsync(JsonObject options, string kind = "SecretStore", IProviderHttp? http = null)
    {
        using var document = JsonDocument.Parse(options.ToJsonString());
        var store = new StoreDescription(kind, "azure", kind == "SecretStore" ? "team-a" : null, document.RootElement.Clone());
        var provider = new AzureProvider { Surroundings = Surroundings() };
        Assert.Empty(provider.Check(store));
        return await provider.OpenAsync(new StoreContext(store, Cluster, http ?? Http, Calls, null, Time), TestContext.Current.CancellationToken);
    }

    public AzureSurroundings Surroundings() => new(name => Variables.GetValueOrDefault(name));

    public IProviderHttp HttpOf(ProviderHttpOptions options)
        => new AzureSimulatedHttp(new ProviderHttp(options with { Authorities = certificates.Authorities }, TimeProvider.System) { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) }, Azure);

    public async ValueTask DisposeAsync()
    {
        await Azure.DisposeAsync();
        certificates.Dispose();
    }
}
