using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Vault;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Tests.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Credentials that Vault makes for the question, and their leases.</summary>
public sealed class VaultDynamicSecretGeneratorTests : IAsyncLifetime
{
    private const string Lease = """{"request_id":"r","lease_id":"database/creds/app/1","lease_duration":600,"renewable":true,"data":{"username":"v-app","password":"made","port":5432,"none":null,"hosts":["a","b"]}}""";
    private readonly TestCertificates certificates = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryCluster cluster = new("team-a");
    private readonly VaultDynamicSecretGenerator generator = new();
    private VaultSimulator vault = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        vault = await VaultSimulator.StartAsync(time, certificates);
        vault.AddToken("hvs.static");
        vault.Accept("auth/approle/login", new JsonObject { ["role_id"] = "role", ["secret_id"] = "secret" });
        cluster.Put("team-a", "vault", "token", "hvs.static");
        cluster.Put("team-a", "vault", "secret", "secret");
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task The_data_are_the_values_and_the_lease_says_when_they_end()
    {
        Answer("database/creds/app", Lease);
        using var generated = await GenerateAsync("""{"path":"/database/creds/app"}""");
        Assert.Equal(["hosts", "none", "password", "port", "username"], generated.Values.Keys);
        Assert.Equal(("made", "5432", "", """["a","b"]"""), (Text(generated, "password"), Text(generated, "port"), Text(generated, "none"), Text(generated, "hosts")));
        Assert.Equal(time.GetUtcNow().AddMinutes(10), generated.ExpiresAt);
        Assert.Equal("database/creds/app/1", generated.State!.Value.GetProperty("lease_id").GetString());
        Assert.DoesNotContain("made", generated.State.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LIST", "GET", "?list=true")]
    [InlineData("DELETE", "DELETE", "")]
    [InlineData("POST", "PUT", "")]
    public async Task The_method_is_the_one_that_the_spec_names(string method, string sent, string query)
    {
        var seen = "";
        vault.Instead = async context =>
        {
            if (context.Request.Path != "/v1/database/creds") return false;
            seen = $"{context.Request.Method} {context.Request.QueryString}";
            await context.Response.WriteAsync("""{"data":{"keys":["app"]}}""");
            return true;
        };
        using var generated = await GenerateAsync($$"""{"path":"database/creds","method":"{{method}}"}""");
        Assert.Equal($"{sent} {query}", seen);
        Assert.Equal("""["app"]""", Text(generated, "keys"));
        Assert.Null(generated.State);
    }

    [Fact]
    public async Task The_token_of_a_login_is_not_revoked_since_the_lease_ends_with_it()
    {
        Answer("database/creds/app", Lease);
        vault.LeaseSeconds = 120;
        using var generated = await GenerateAsync("""{"path":"database/creds/app"}""", AppRole);
        Assert.DoesNotContain(vault.Seen, request => request.Path.Contains("revoke", StringComparison.Ordinal));
        // The earlier of the two ends.
        Assert.Equal(time.GetUtcNow().AddMinutes(2), generated.ExpiresAt);
    }

    [Fact]
    public async Task Taking_back_revokes_the_lease_and_the_token_that_did_it()
    {
        Answer("sys/leases/revoke", "");
        await generator.CleanUpAsync(Request("""{"path":"database/creds/app"}""", AppRole), JsonElement.Parse("""{"lease_id":"database/creds/app/1"}"""), Ending);
        var revoked = Assert.Single(vault.Seen, request => request.Path == "sys/leases/revoke");
        Assert.Equal("database/creds/app/1", (string)revoked.Body!["lease_id"]!);
        Assert.Contains(vault.Seen, request => request.Path == "auth/token/revoke-self");
    }

    [Theory]
    [InlineData(403, null)]
    [InlineData(400, null)]
    [InlineData(503, ProviderFailureKind.Unavailable)]
    public async Task A_lease_that_is_gone_or_not_ours_to_revoke_is_no_failure_and_an_outage_is(int status, ProviderFailureKind? expected)
    {
        vault.Instead = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(context.Request.Path.Value!.EndsWith("revoke", StringComparison.Ordinal));
        };
        var cleaning = generator.CleanUpAsync(Request("""{"path":"p"}""", Token), JsonElement.Parse("""{"lease_id":"l"}"""), Ending);
        if (expected is null) await cleaning;
        else Assert.Equal(expected, (await Assert.ThrowsAsync<ProviderException>(() => cleaning)).Kind);
    }

    [Fact]
    public async Task Parameters_and_the_method_are_sent_as_they_stand()
    {
        Answer("pki/issue/app", """{"data":{"certificate":"c"}}""");
        using var generated = await GenerateAsync("""{"path":"pki/issue/app","method":"POST","parameters":{"common_name":"app.example","ttl":3600}}""");
        Assert.Equal("c", Text(generated, "certificate"));
        Assert.Null(generated.State);
        Assert.Null(generated.ExpiresAt);
        var request = Assert.Single(vault.Seen);
        Assert.Equal(("PUT", """{"common_name":"app.example","ttl":3600}"""), (request.Method, request.Body!.ToJsonString()));
    }

    [Fact]
    public async Task Parameters_of_a_read_go_into_the_query()
    {
        string? query = null;
        vault.Instead = async context =>
        {
            query = context.Request.QueryString.Value;
            await context.Response.WriteAsync("""{"data":{"a":"b"}}""");
            return true;
        };
        await GenerateAsync("""{"path":"aws/creds/app","getParameters":{"ttl":["1h"],"role":["a b","c"]}}""");
        Assert.Equal("?role=a%20b&role=c&ttl=1h", query);
    }

    [Theory]
    [InlineData("Auth", "accessor,client_token,lease_duration")]
    [InlineData("Raw", "auth,data,lease_id")]
    [InlineData("Data", "")]
    public async Task The_result_is_the_part_that_is_asked_for(string type, string keys)
    {
        Answer("auth/token/create", """{"lease_id":"","data":null,"auth":{"client_token":"hvs.new","accessor":"a","lease_duration":60}}""");
        using var generated = await GenerateAsync($$"""{"path":"auth/token/create","method":"POST","resultType":"{{type}}"}""");
        Assert.Equal(keys, string.Join(',', generated.Values.Keys));
        Assert.Equal(time.GetUtcNow().AddMinutes(1), generated.ExpiresAt);
    }

    [Fact]
    public async Task An_empty_answer_fails_unless_it_is_allowed()
    {
        Answer("sys/thing", "");
        Assert.Contains("empty response", (await Assert.ThrowsAsync<ProviderException>(() => GenerateAsync("""{"path":"sys/thing","method":"POST"}"""))).Message, StringComparison.Ordinal);
        using var generated = await GenerateAsync("""{"path":"sys/thing","method":"POST","allowEmptyResponse":true}""");
        Assert.Empty(generated.Values.Keys);
    }

    [Theory]
    [InlineData("", "so a gateway may have answered")]
    [InlineData("""{"errors":["no handler for route \"database/creds/app\". route entry not found."]}""", "No engine is mounted there")]
    public async Task A_404_that_is_not_the_engines_own_is_no_empty_answer(string body, string told)
    {
        vault.Instead = async context =>
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync(body);
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => GenerateAsync("""{"path":"database/creds/app","allowEmptyResponse":true}"""));
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"path":""}""", "spec.path")]
    [InlineData("""{"path":"p","resultType":"All"}""", "spec.resultType")]
    [InlineData("""{"path":"p","parameters":[1]}""", "spec.parameters")]
    public void A_spec_that_cannot_be_is_refused(string spec, string field) =>
        Assert.Contains(generator.Check(Request(spec, Token)), problem => problem.Contains(field, StringComparison.Ordinal));

    [Fact]
    public async Task A_path_does_not_climb_and_messages_name_the_fields_of_a_generator()
    {
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => GenerateAsync("""{"path":"database/../sys/seal"}"""))).Kind);
        Assert.Empty(vault.Seen);
        var problem = Assert.Single(generator.Check(Request("""{"path":"p"}""", provider => provider["server"] = "nonsense")));
        Assert.StartsWith("spec.provider.server", problem, StringComparison.Ordinal);
    }

    private static string Text(Generated generated, string key) => Encoding.UTF8.GetString(generated.Values.Find(key)!);

    private static void Token(JsonObject provider) => provider["auth"] = JsonNode.Parse("""{"tokenSecretRef":{"name":"vault","key":"token"}}""");

    private static void AppRole(JsonObject provider) => provider["auth"] = JsonNode.Parse("""{"appRole":{"path":"approle","roleId":"role","secretRef":{"name":"vault","key":"secret"}}}""");

    private void Answer(string path, string body) => vault.Instead = async context =>
    {
        if (context.Request.Path != "/v1/" + path) return false;
        if (body.Length == 0) context.Response.StatusCode = 204;
        else await context.Response.WriteAsync(body);
        return true;
    };

    private Task<Generated> GenerateAsync(string spec, Action<JsonObject>? change = null) => generator.GenerateAsync(Request(spec, change ?? Token), Ending);

    private GeneratorRequest Request(string spec, Action<JsonObject> change)
    {
        var whole = JsonNode.Parse(spec)!.AsObject();
        var provider = new JsonObject { ["server"] = vault.Address.ToString(), ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificates.Pem)) };
        change(provider);
        whole["provider"] = provider;
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);
        return new("team-a", JsonElement.Parse(whole.ToJsonString()), cluster, http, new CallLog(), time, new SequenceRandom(seed: 1));
    }
}
