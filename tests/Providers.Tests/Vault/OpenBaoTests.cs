using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Vault;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>What a store of the kind openBao has of its own; the rest is Vault's.</summary>
public sealed class OpenBaoTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly MemoryCluster cluster = new("team-a");
    private VaultSimulator bao = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bao = await VaultSimulator.StartAsync(TimeProvider.System, certificates);
        bao.Put("kv/app", """{"password":"changeme"}""");
        cluster.Put("team-a", "bao", "id", "the-secret");
        cluster.Put("team-a", "bao", "role", "the-role");
    }

    public async ValueTask DisposeAsync()
    {
        await bao.DisposeAsync();
        certificates.Dispose();
    }

    [Theory]
    [InlineData("""{"appRole":{"path":"approle","roleId":"the-role","secretRef":{"name":"bao","key":"id"}}}""", "auth/approle/login", """{"role_id":"the-role","secret_id":"the-secret"}""")]
    [InlineData("""{"appRole":{"path":"other","roleRef":{"name":"bao","key":"role"},"secretRef":{"name":"bao","key":"id"}}}""", "auth/other/login", """{"role_id":"the-role","secret_id":"the-secret"}""")]
    [InlineData("""{"userPass":{"path":"userpass","username":"jane","secretRef":{"name":"bao","key":"id"}}}""", "auth/userpass/login/jane", """{"password":"the-secret"}""")]
    public async Task Each_way_to_log_in_reads_from_the_usual_mount(string auth, string path, string body)
    {
        bao.Accept(path, (JsonObject)JsonNode.Parse(body)!);
        await using var source = await OpenAsync(auth);
        Assert.Equal("changeme", await source.TextAsync(new("app", "password")));
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent")), Stop));
    }

    [Fact]
    public async Task A_token_a_namespace_for_it_and_version_1_are_as_with_Vault()
    {
        bao.AddToken("the-secret");
        bao.Put("old/app", """{"password":"first"}""");
        await using var source = await OpenAsync("""{"tokenSecretRef":{"name":"bao","key":"id"}}""", options => (options["path"], options["version"], options["namespace"]) = ("old", "v1", "team"));
        Assert.Equal("first", await source.TextAsync(new("app", "password")));
        Assert.Equal("team", bao.Seen[^1].Namespace);
    }

    [Theory]
    [InlineData("""{"server":"bao"}""", "spec.provider.openBao.server \"bao\" is not an http or https address")]
    [InlineData("""{"server":"https://bao","version":"v3"}""", "spec.provider.openBao.version \"v3\" is neither v1 nor v2")]
    [InlineData("""{"server":"https://bao","auth":{}}""", "spec.provider.openBao.auth: exactly one of appRole, tokenSecretRef and userPass must be set")]
    [InlineData("""{"server":"https://bao","auth":{"kubernetes":{"role":"r"}}}""", "spec.provider.openBao.auth: exactly one of appRole, tokenSecretRef and userPass must be set")]
    [InlineData("""{"server":"https://bao","auth":{"tokenSecretRef":{"name":"a"}}}""", "spec.provider.openBao.auth.tokenSecretRef.key is required")]
    public void What_is_wrong_is_told_by_its_own_fields(string options, string problem) =>
        Assert.Equal([problem], new OpenBaoProvider().Check(new StoreDescription("SecretStore", "bao", "team-a", JsonElement.Parse(options))));

    private Task<ISecretSource> OpenAsync(string auth, Action<JsonObject>? change = null)
    {
        var options = new JsonObject
        {
            ["server"] = bao.Address.ToString(),
            ["caBundle"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificates.Pem)),
            ["auth"] = JsonNode.Parse(auth),
        };
        change?.Invoke(options);
        var store = new StoreDescription("SecretStore", "bao", "team-a", JsonSerializer.SerializeToElement(options));
        var provider = new OpenBaoProvider();
        Assert.Empty(provider.Check(store));
        return provider.OpenAsync(new StoreContext(store, cluster, new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System), new CallLog(), null, TimeProvider.System), Stop);
    }
}
