using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Vault;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Vault;

public sealed class VaultLoginTests
{
    private const string AppRole = """{"appRole":{"path":"approle","roleId":"the-role","secretRef":{"name":"approle","key":"id"}}}""";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AppRole, "auth/approle/login", """{"role_id":"the-role","secret_id":"the-secret"}""")]
    [InlineData("""{"appRole":{"path":"other/approle","roleRef":{"name":"approle","key":"role"},"secretRef":{"name":"approle","key":"id"}}}""", "auth/other/approle/login", """{"role_id":"ref-role","secret_id":"the-secret"}""")]
    [InlineData("""{"kubernetes":{"mountPath":"kubernetes","role":"r","serviceAccountRef":{"name":"app"}}}""", "auth/kubernetes/login", """{"jwt":"token of team-a/app for  lasting 600 s","role":"r"}""")]
    [InlineData("""{"kubernetes":{"mountPath":"kubernetes","role":"r","secretRef":{"name":"approle"}}}""", "auth/kubernetes/login", """{"jwt":"a-token","role":"r"}""")]
    [InlineData("""{"kubernetes":{"mountPath":"kubernetes","role":"r"}}""", "auth/kubernetes/login", """{"jwt":"token of the controller","role":"r"}""")]
    [InlineData("""{"ldap":{"path":"ldap","username":"jane doe","secretRef":{"name":"approle","key":"id"}}}""", "auth/ldap/login/jane doe", """{"password":"the-secret"}""")]
    [InlineData("""{"userPass":{"path":"userpass","username":"jane","secretRef":{"name":"approle","key":"id"}}}""", "auth/userpass/login/jane", """{"password":"the-secret"}""")]
    [InlineData("""{"jwt":{"path":"jwt","role":"r","secretRef":{"name":"approle","key":"id"}}}""", "auth/jwt/login", """{"role":"r","jwt":"the-secret"}""")]
    [InlineData("""{"jwt":{"path":"jwt","role":"r","kubernetesServiceAccountToken":{"serviceAccountRef":{"name":"app","audiences":["one"]},"expirationSeconds":900}}}""", "auth/jwt/login", """{"role":"r","jwt":"token of team-a/app for one,vault lasting 900 s"}""")]
    [InlineData("""{"cert":{"path":"cert","vaultRole":"r"}}""", "auth/cert/login", """{"name":"r"}""")]
    public async Task Each_way_to_log_in_posts_what_Vault_documents(string auth, string path, string body)
    {
        await using var set = await MakeAsync();
        set.Vault.Accept(path, (JsonObject)JsonNode.Parse(body)!);
        await using var source = await set.OpenWithAsync(auth);
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
        Assert.Equal("hvs.1", set.Vault.Seen[^1].Token);
    }

    /// <summary>Clusters before 1.24 made a token without an end for each service account, in a Secret that the original takes instead.</summary>
    [Fact]
    public async Task A_token_that_is_refused_is_not_replaced_by_one_that_lives_for_ever()
    {
        await using var set = await MakeAsync();
        set.Cluster.RefusesTokens = true;
        set.Cluster.Put("team-a", "app-token-x7k2p", "token", "for-ever");
        await using var source = await set.OpenWithAsync("""{"kubernetes":{"mountPath":"kubernetes","role":"r","serviceAccountRef":{"name":"app"}}}""");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "a")));
        Assert.Equal((ProviderFailureKind.Denied, "no token of service account app"), (failure.Kind, failure.Message));
        Assert.Empty(set.Vault.Seen);
        set.Vault.Accept("auth/kubernetes/login", (JsonObject)JsonNode.Parse("""{"jwt":"for-ever","role":"r"}""")!);
        await using var named = await set.OpenWithAsync("""{"kubernetes":{"mountPath":"kubernetes","role":"r","secretRef":{"name":"app-token-x7k2p"}}}""");
        Assert.Equal("1", await named.TextAsync(new("app", "a")));
    }

    [Fact]
    public async Task A_login_can_be_in_another_namespace()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(options => (options["namespace"], options["auth"]) = ("data", JsonNode.Parse(AppRole.Insert(1, "\"namespace\":\"people\","))));
        await source.TextAsync(new("app", "a"));
        Assert.Equal(["people", "data"], set.Vault.Seen.Select(request => request.Namespace));
    }

    [Fact]
    public async Task Many_readers_share_one_login()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenWithAsync(AppRole);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.TextAsync(new("app", "a"))));
        Assert.Equal(1, set.Vault.Logins);
    }

    [Fact]
    public async Task A_token_is_renewed_at_two_thirds_of_its_life()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenWithAsync(AppRole);
        await source.TextAsync(new("app", "a"));
        set.Time.Advance(TimeSpan.FromSeconds(2399));
        await source.TextAsync(new("app", "a"));
        Assert.DoesNotContain(set.Vault.Seen, request => request.Path == "auth/token/renew-self");
        set.Time.Advance(TimeSpan.FromSeconds(1));
        await source.TextAsync(new("app", "a"));
        Assert.Single(set.Vault.Seen, request => request.Path == "auth/token/renew-self");
        set.Time.Advance(TimeSpan.FromSeconds(2000));
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
        Assert.Equal(1, set.Vault.Logins);
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_is_replaced_before_it_ends()
    {
        await using var set = await MakeAsync();
        set.Vault.RefusesRenewal = true;
        await using var source = await set.OpenWithAsync(AppRole);
        await source.TextAsync(new("app", "a"));
        set.Time.Advance(TimeSpan.FromSeconds(3000));
        await source.TextAsync(new("app", "a"));
        Assert.Equal(1, set.Vault.Logins);
        set.Time.Advance(TimeSpan.FromSeconds(541));
        await source.TextAsync(new("app", "a"));
        Assert.Equal(2, set.Vault.Logins);
    }

    [Fact]
    public async Task A_token_that_Vault_has_forgotten_is_replaced_at_once()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenWithAsync(AppRole);
        await source.TextAsync(new("app", "a"));
        set.Vault.ForgetTokens();
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
        Assert.Equal(2, set.Vault.Logins);
    }

    [Fact]
    public async Task A_policy_that_says_no_costs_no_second_login()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenWithAsync(AppRole);
        set.Vault.Instead = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/app", StringComparison.Ordinal)) return false;
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("""{"errors":["permission denied"]}""");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "a")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Equal(1, set.Vault.Logins);
    }

    [Fact]
    public async Task Rotated_credentials_are_read_at_the_next_login()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenWithAsync(AppRole);
        await source.TextAsync(new("app", "a"));
        set.Cluster.Put("team-a", "approle", "id", "the-next-secret");
        set.Vault.Accept("auth/approle/login", new JsonObject { ["role_id"] = "the-role", ["secret_id"] = "the-next-secret" });
        set.Vault.ForgetTokens();
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
    }

    [Fact]
    public async Task A_token_that_we_got_is_revoked_at_the_end_and_one_that_we_were_given_is_not()
    {
        await using var set = await MakeAsync();
        await using (var source = await set.OpenWithAsync(AppRole)) await source.TextAsync(new("app", "a"));
        Assert.Single(set.Vault.Seen, request => request is { Path: "auth/token/revoke-self", Token: "hvs.1" });
        await using (var source = await set.OpenAsync()) await source.TextAsync(new("app", "a"));
        Assert.Single(set.Vault.Seen, request => request.Path == "auth/token/revoke-self");
    }

    [Fact]
    public async Task A_refused_login_says_what_Vault_says_and_shows_no_credential()
    {
        await using var set = await MakeAsync();
        set.Cluster.Put("team-a", "approle", "id", "a-wrong-secret");
        await using var source = await set.OpenWithAsync(AppRole);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "a")));
        Assert.Contains("invalid role or secret ID", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_Googles_that_is_nowhere_is_found_before_anything_is_asked()
    {
        using var options = System.Text.Json.JsonDocument.Parse("""{"server":"https://vault.example.com","auth":{"gcp":{"role":"r","secretRef":{}}}}""");
        var problem = Assert.Single(new VaultProvider().Check(new("SecretStore", "vault", "team-a", options.RootElement)));
        Assert.Contains("spec.provider.vault.auth.gcp.secretRef.secretAccessKeySecretRef", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validation_asks_about_the_token()
    {
        await using var set = await MakeAsync();
        await using var source = (IValidate)await set.OpenAsync();
        Assert.Equal(StoreValidity.Valid, await source.ValidateAsync(Stop));
        set.Vault.ForgetTokens();
        Assert.Equal(StoreValidityKind.Invalid, (await source.ValidateAsync(Stop)).Kind);
    }

    private static async Task<VaultSetUp> MakeAsync()
    {
        var set = await VaultSetUp.MakeAsync();
        set.Cluster.Put("team-a", "approle", "id", "the-secret");
        set.Cluster.Put("team-a", "approle", "role", "ref-role");
        set.Cluster.Put("team-a", "approle", "token", "a-token");
        set.Vault.Accept("auth/approle/login", new JsonObject { ["role_id"] = "the-role", ["secret_id"] = "the-secret" });
        set.Vault.Put("secret/app", """{"a":"1"}""");
        return set;
    }
}
