using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Vault;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>A simulated Vault, and stores that speak to it over TLS.</summary>
internal sealed class VaultSetUp : IAsyncDisposable
{
    public const string Token = "hvs.root-of-the-test";
    private readonly TestCertificates certificates;

    private VaultSetUp(TestCertificates certificates, FakeTimeProvider time, VaultSimulator vault) => (this.certificates, Time, Vault) = (certificates, time, vault);

    public FakeTimeProvider Time { get; }

    public VaultSimulator Vault { get; }

    public MemoryCluster Cluster { get; } = new("team-a");

    public static async Task<VaultSetUp> MakeAsync()
    {
        var certificates = new TestCertificates();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var set = new VaultSetUp(certificates, time, await VaultSimulator.StartAsync(time, certificates));
        set.Vault.AddToken(Token);
        set.Cluster.Put("team-a", "vault-token", "token", Token);
        return set;
    }

    /// <summary>A store with the token, if it says nothing else about auth.</summary>
    public Task<ISecretSource> OpenAsync(Action<JsonObject>? change = null)
    {
        var options = new JsonObject
        {
            ["server"] = Vault.Address.ToString(),
            ["path"] = "secret",
            ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificates.Pem)),
            ["auth"] = new JsonObject { ["tokenSecretRef"] = new JsonObject { ["name"] = "vault-token", ["key"] = "token" } },
        };
        change?.Invoke(options);
        return OpenStoreAsync(options);
    }

    public async Task<ISecretSource> OpenWithAsync(string auth) => await OpenAsync(options => options["auth"] = JsonNode.Parse(auth));

    public async ValueTask DisposeAsync()
    {
        await Vault.DisposeAsync();
        certificates.Dispose();
    }

    private async Task<ISecretSource> OpenStoreAsync(JsonObject options)
    {
        using var document = JsonDocument.Parse(options.ToJsonString());
        var store = new StoreDescription("SecretStore", "vault", "team-a", document.RootElement.Clone());
        var provider = new VaultProvider();
        Assert.Empty(provider.Check(store));
        return await provider.OpenAsync(new StoreContext(store, Cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), null, Time), TestContext.Current.CancellationToken);
    }
}
