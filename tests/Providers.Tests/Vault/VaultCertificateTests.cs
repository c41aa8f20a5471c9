using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Vault;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>A Vault that wants to see a certificate.</summary>
public sealed class VaultCertificateTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryCluster cluster = new("team-a");
    private VaultSimulator vault = null!;

    public async ValueTask InitializeAsync()
    {
        vault = await VaultSimulator.StartAsync(time, certificates, asksForCertificate: true);
        vault.AddToken("hvs.static");
        vault.Accept("auth/cert/login", new JsonObject { ["name"] = "app" });
        vault.Put("secret/db", """{"password":"value"}""");
        using var client = certificates.Issue("client");
        using var key = client.GetECDsaPrivateKey()!;
        cluster.Put("team-a", "vault", "token", "hvs.static");
        cluster.Put("team-a", "client", "tls.crt", client.ExportCertificatePem());
        cluster.Put("team-a", "client", "tls.key", key.ExportPkcs8PrivateKeyPem());
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        certificates.Dispose();
    }

    [Theory]
    [InlineData("""{"tls":{"certSecretRef":{"name":"client"},"keySecretRef":{"name":"client"}},"auth":{"tokenSecretRef":{"name":"vault","key":"token"}}}""")]
    [InlineData("""{"auth":{"cert":{"path":"cert","vaultRole":"app","clientCert":{"name":"client"},"secretRef":{"name":"client"}}}}""")]
    public async Task The_certificate_of_the_store_is_shown(string options) => Assert.Equal("value", await ReadAsync(options));

    [Fact]
    public async Task Without_one_there_is_no_connection_and_no_second_guess()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync("""{"auth":{"tokenSecretRef":{"name":"vault","key":"token"}}}"""));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Empty(vault.Seen);
    }

    [Fact]
    public async Task What_is_no_pair_is_told_by_the_names_of_the_Secrets()
    {
        cluster.Put("team-a", "client", "tls.key", "nonsense");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync("""{"tls":{"certSecretRef":{"name":"client"},"keySecretRef":{"name":"client"}}}"""));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("\"client\"", failure.Message, StringComparison.Ordinal);
    }

    private async Task<string?> ReadAsync(string options)
    {
        var whole = JsonNode.Parse(options)!.AsObject();
        (whole["server"], whole["path"]) = (vault.Address.ToString(), "secret");
        whole["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificates.Pem));
        var store = new StoreDescription("SecretStore", "vault", "team-a", JsonElement.Parse(whole.ToJsonString()));
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);
        await using var source = await new VaultProvider().OpenAsync(new StoreContext(store, cluster, http, new CallLog(), null, time), TestContext.Current.CancellationToken);
        return await source.TextAsync(new("db", "password"));
    }
}
