using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Google;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Vault;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>Logging in to Vault as somebody of Google's.</summary>
public sealed class VaultGoogleLoginTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private GoogleSetUp google = null!;
    private VaultSimulator vault = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        google = await GoogleSetUp.MakeAsync();
        vault = await VaultSimulator.StartAsync(google.Time, certificates);
        vault.Put("secret/db", """{"password":"value"}""");
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        await google.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task The_key_of_a_service_account_signs_a_claim_for_the_role()
    {
        var login = await LogInAsync("""{"role":"app","secretRef":{"secretAccessKeySecretRef":{"name":"google","key":"key.json"}}}""");
        var claims = GoogleSetUp.Claims((string)login["jwt"]!)!;
        Assert.Equal((GoogleSetUp.Email, "vault/app", "app"), ((string)claims["sub"]!, (string)claims["aud"]!, (string)login["role"]!));
        Assert.Equal(600, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Empty(google.Google.Seen);
    }

    [Fact]
    public async Task Google_signs_for_the_account_of_a_workload_identity()
    {
        google.Cluster.Annotate("team-a", "app", new Dictionary<string, string>(StringComparer.Ordinal) { ["iam.gke.io/gcp-service-account"] = GoogleSetUp.Email });
        var login = await LogInAsync("""{"role":"app","workloadIdentity":{"serviceAccountRef":{"name":"app"}}}""");
        var claims = JsonNode.Parse(((string)login["jwt"]!)["signed ".Length..])!;
        Assert.Equal((GoogleSetUp.Email, "vault/app"), ((string)claims["sub"]!, (string)claims["aud"]!));
    }

    /// <summary>The original took the controller's own identity for it.</summary>
    [Fact]
    public async Task A_service_account_by_itself_is_one_of_this_cluster()
    {
        google.Cluster.Annotate("team-a", "app", new Dictionary<string, string>(StringComparer.Ordinal) { ["iam.gke.io/gcp-service-account"] = GoogleSetUp.Email });
        var login = await LogInAsync("""{"role":"app","projectID":"of-the-clusters","serviceAccountRef":{"name":"app"}}""");
        Assert.Equal(GoogleSetUp.Email, (string)JsonNode.Parse(((string)login["jwt"]!)["signed ".Length..])!["sub"]!);
        Assert.Contains(google.Google.Seen, request => request.Body.Contains("/projects/of-the-clusters/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_account_that_stands_for_nobody_is_told()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => LogInAsync("""{"role":"app","workloadIdentity":{"serviceAccountRef":{"name":"app"}}}"""));
        Assert.Contains("iam.gke.io/gcp-service-account", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credentials_the_machine_says_who_it_is()
    {
        var login = await LogInAsync("""{"path":"google","role":"app"}""", "auth/google/login");
        Assert.Equal("identity for http://vault/app", (string)login["jwt"]!);
    }

    private async Task<JsonObject> LogInAsync(string gcp, string path = "auth/gcp/login")
    {
        // Whoever comes is let in: what is looked at is what was said.
        vault.Instead = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/login", StringComparison.Ordinal)) return false;
            vault.AddToken("hvs.google");
            await context.Response.Body.WriteAsync("""{"auth":{"client_token":"hvs.google","lease_duration":3600}}"""u8.ToArray(), Ending);
            return true;
        };
        var options = new JsonObject
        {
            ["server"] = vault.Address.ToString(),
            ["path"] = "secret",
            ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificates.Pem)),
            ["auth"] = new JsonObject { ["gcp"] = JsonNode.Parse(gcp) },
        };
        var store = new StoreDescription("SecretStore", "vault", "team-a", JsonElement.Parse(options.ToJsonString()));
        var provider = new VaultProvider(_ => null, google.Surroundings);
        Assert.Empty(provider.Check(store));
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);
        await using var source = await provider.OpenAsync(new StoreContext(store, google.Cluster, http, new CallLog(), null, google.Time), Ending);
        Assert.Equal("value", await source.TextAsync(new("db", "password")));
        return vault.Seen.Single(request => request.Path == path).Body!;
    }
}
