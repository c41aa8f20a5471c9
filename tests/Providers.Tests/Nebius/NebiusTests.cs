using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Nebius;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Nebius;

public sealed class NebiusTests : IAsyncLifetime
{
    private readonly NebiusStand stand = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NebiusSimulator Nebius => stand.Nebius;

    public async ValueTask InitializeAsync() => await stand.StartAsync();

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    [Fact]
    public async Task A_whole_secret_is_JSON_in_which_bytes_are_base64()
    {
        Nebius.Put("mbsec-1", "", ("user", "tom <t>"u8.ToArray(), true), ("file", [0, 255], false));
        await using var source = await stand.OpenAsync();
        Assert.Equal("""{"file":"AP8=","user":"tom \u003ct\u003e"}""", await source.TextAsync(new("mbsec-1")));
        using var secret = await source.FetchAsync(source.RequestFor(new("mbsec-1")), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal([0, 255], values.Find("file"));
        Assert.Throws<ProviderException>(() => secret.Values("user"));
    }

    [Fact]
    public async Task Entries_of_one_secret_are_one_request()
    {
        await using var source = await stand.OpenAsync();
        Assert.Equal(source.RequestFor(new("mbsec-1", "user")), source.RequestFor(new("mbsec-1", "password")));
        Assert.NotEqual(source.RequestFor(new("mbsec-1", "user")), source.RequestFor(new("mbsec-1", "user", "v2")));
    }

    [Fact]
    public async Task A_service_account_proves_itself_for_a_minute_and_its_token_serves_all_calls()
    {
        Nebius.Put("mbsec-1", "", ("user", "tom"u8.ToArray(), true));
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await using var source = await stand.OpenAsync();
        for (var i = 0; i < 3; i++) Assert.Equal("tom", await source.TextAsync(new("mbsec-1", "user")));
        Assert.Equal(["Exchange", "Get", "Get", "Get"], Nebius.Seen);
        var claims = Nebius.Claims!;
        Assert.Equal(("serviceaccount-1", "serviceaccount-1", """["token-service.iam.new.nebiuscloud.net"]"""), (claims["iss"]!.ToString(), claims["sub"]!.ToString(), claims["aud"]!.ToJsonString()));
        Assert.Equal(60, claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>());
        Assert.InRange(claims["iat"]!.GetValue<long>(), before, before + 60);
        Nebius.ForgetTokens();
        Assert.Equal("tom", await source.TextAsync(new("mbsec-1", "user")));
        Assert.Equal(2, Nebius.Seen.Count(method => method == "Exchange"));
    }

    [Fact]
    public async Task A_token_of_the_store_is_used_as_it_is()
    {
        Nebius.Put("mbsec-1", "", ("user", "tom"u8.ToArray(), true));
        Nebius.LetIn("a-token");
        stand.Cluster.Put(ContractStand.Namespace, "nebius", "token", "a-token\n");
        await using var source = await stand.OpenAsync(With("auth", """{"tokenSecretRef":{"name":"nebius","key":"token"}}"""));
        Assert.Equal("tom", await source.TextAsync(new("mbsec-1", "user")));
        Nebius.ForgetTokens();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("mbsec-1", "user")));
        Assert.Equal((ProviderFailureKind.Denied, "Nebius MysteryBox, asked to GetSecret, ended with Unauthenticated: the simulator said so"), (failure.Kind, failure.Message));
        Assert.Equal(["Get", "Get"], Nebius.Seen);
    }

    [Theory]
    [InlineData("changeme", "malformed JSON")]
    [InlineData("""{"subject-credentials":{"alg":"ES256","private-key":"changeme","kid":"a","sub":"b"}}""", "only RS256 is supported")]
    [InlineData("""{"subject-credentials":{"alg":"RS256","private-key":"changeme","kid":"a","sub":"b","iss":"c"}}""", "the subject must be the same as the issuer")]
    [InlineData("""{"subject-credentials":{"alg":"RS256","private-key":"changeme","sub":"b","iss":"b"}}""", "kid is missing")]
    public async Task Credentials_of_another_form_are_told_without_them(string credentials, string problem)
    {
        stand.Cluster.Put(ContractStand.Namespace, "nebius", "creds.json", credentials);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => stand.OpenAsync());
        Assert.Equal($"spec.provider.nebiusmysterybox.auth.serviceAccountCredsSecretRef: invalid subject credentials: {problem}", failure.Message);
        Assert.DoesNotContain("changeme", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_none_is_told_without_it()
    {
        stand.Cluster.Put(ContractStand.Namespace, "nebius", "creds.json", """{"subject-credentials":{"alg":"RS256","private-key":"changeme","kid":"a","sub":"b","iss":"b"}}""");
        await using var source = await stand.OpenAsync();
        var verdict = await ((IValidate)source).ValidateAsync(Stop);
        Assert.Equal((StoreValidityKind.Invalid, "the private key to sign with is no RSA key in PEM"), (verdict.Kind, verdict.Cause));
    }

    [Theory]
    [InlineData("api.nebius.cloud")]
    [InlineData("api.eu-north1.nebius.cloud:443")]
    public void A_domain_with_or_without_a_port_is_one(string domain) => Assert.Empty(stand.Provider.Check(ContractStand.Describe(With("apiDomain", $"\"{domain}\""))));

    [Theory]
    [InlineData("https://api.nebius.cloud")]
    [InlineData("nebius")]
    [InlineData("api.nebius.cloud.")]
    [InlineData("10.0.0.1")]
    [InlineData("api.nebius.cloud/path")]
    [InlineData("user@api.nebius.cloud")]
    [InlineData("api.nebius.cloud:port")]
    [InlineData("-api.nebius.cloud")]
    public void Anything_else_is_no_domain(string domain) => Assert.StartsWith("spec.provider.nebiusmysterybox.apiDomain must be a domain", Assert.Single(stand.Provider.Check(ContractStand.Describe(With("apiDomain", $"\"{domain}\"")))), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"tokenSecretRef\":{\"name\":\"a\",\"key\":\"b\"},\"serviceAccountCredsSecretRef\":{\"name\":\"a\",\"key\":\"b\"}}")]
    [InlineData("{\"tokenSecretRef\":{\"name\":\"a\"}}")]
    [InlineData("{}")]
    public void Exactly_one_way_to_log_in_is_named(string auth) => Assert.Single(stand.Provider.Check(ContractStand.Describe(With("auth", auth))));

    [Fact]
    public void Each_service_has_a_name_of_its_own_in_the_domain()
    {
        Assert.Equal("https://dpl.mysterybox.api.nebius.cloud:8443/", new NebiusSurroundings().Service("dpl.mysterybox", "api.nebius.cloud:8443").ToString());
        Assert.Equal("https://tokens.iam.api.nebius.cloud/", new NebiusSurroundings().Service("tokens.iam", "api.nebius.cloud").ToString());
    }

    private JsonObject With(string field, string value)
    {
        var options = stand.Options();
        options[field] = JsonNode.Parse(value);
        return options;
    }
}
