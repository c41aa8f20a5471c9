using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Azure;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Azure;

public sealed class AzureLoginTests
{
    private const string Assertion = "token of team-a/app for api://AzureADTokenExchange lasting 600 s";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_logs_in_with_its_password_once_for_all_calls()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => source.TextAsync(new("app"))));
        Assert.Equal(1, set.Azure.Logins);
        var login = set.Azure.Seen.First(request => request.Form.Count > 0);
        Assert.Equal($"/{AzureSimulator.Tenant}/oauth2/v2.0/token", login.Path);
        Assert.Equal(("client_credentials", set.Azure.Resource + "/.default"), (login.Form["grant_type"], login.Form["scope"]));
    }

    [Fact]
    public async Task A_token_is_replaced_shortly_before_it_ends_with_credentials_read_anew()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync();
        set.Azure.TokenSeconds = 60;
        await source.TextAsync(new("app"));
        set.Azure.Accept(AzureSetUp.Client, "rotated");
        set.Cluster.Put("team-a", "azure", "password", "rotated");
        Assert.Equal("value", await source.TextAsync(new("app")));
        await set.Azure.LoggedInAsync(2, Stop);
        Assert.Equal("rotated", set.Azure.Seen.Last(request => request.Form.Count > 0).Form["client_secret"]);
    }

    [Fact]
    public async Task A_token_that_is_far_from_its_end_is_not_replaced()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync();
        foreach (var key in (string[])["app", "cert/app", "key/app", "app"]) (await source.FetchAsync(source.RequestFor(new(key)), Stop))?.Dispose();
        Assert.Equal(1, set.Azure.Logins);
    }

    [Fact]
    public async Task A_token_that_the_vault_no_longer_takes_is_replaced_at_once()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync();
        await source.TextAsync(new("app"));
        set.Azure.ForgetTokens();
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.Equal(2, set.Azure.Logins);
    }

    [Fact]
    public async Task An_outage_of_the_login_is_waited_out_on_the_old_token()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync();
        set.Azure.TokenSeconds = 60;
        await source.TextAsync(new("app"));
        set.Azure.Instead = context => Refuse(context, context.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal), 503, "{}");
        Assert.Equal("value", await source.TextAsync(new("app")));
        await set.Azure.LoggedInAsync(2, Stop);
        Assert.Equal("value", await source.TextAsync(new("app")));
        set.Azure.ForgetTokens();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        set.Azure.Instead = null;
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    [Fact]
    public async Task A_refused_login_is_told_with_the_reason_and_without_the_password()
    {
        await using var set = await MakeAsync();
        set.Cluster.Put("team-a", "azure", "password", "wrong-password");
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("AADSTS7000215", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Trace ID", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(failure.Message, (await ((IValidate)source).ValidateAsync(Stop)).Cause);
    }

    [Fact]
    public async Task An_application_logs_in_with_a_certificate()
    {
        await using var set = await MakeAsync();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        set.Cluster.Put("team-a", "azure", "pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        set.Azure.Accept(AzureSetUp.Client, form => IsSignedBy(key, form["client_assertion"], $"{set.Azure.Address}{AzureSimulator.Tenant}/oauth2/v2.0/token"));
        await using var source = await set.OpenAsync(options => options["authSecretRef"] = JsonNode.Parse("""{"clientId":{"name":"azure","key":"id"},"clientCertificate":{"name":"azure","key":"pem"}}"""));
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    [Fact]
    public async Task A_certificate_that_is_none_is_told()
    {
        await using var set = await MakeAsync();
        set.Cluster.Put("team-a", "azure", "pem", "-----BEGIN NONSENSE-----");
        await using var source = await set.OpenAsync(options => options["authSecretRef"] = JsonNode.Parse("""{"clientId":{"name":"azure","key":"id"},"clientCertificate":{"name":"azure","key":"pem"}}"""));
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")))).Kind);
    }

    [Fact]
    public async Task A_service_account_logs_in_as_the_application_of_its_annotations()
    {
        await using var set = await MakeAsync();
        Annotate(set, (AzureLogins.ClientAnnotation, "workload"), (AzureLogins.TenantAnnotation, AzureSimulator.Tenant));
        set.Azure.Accept("workload", form => form["client_assertion"] == Assertion && form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        await using var source = await set.OpenAsync(Workload);
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    [Fact]
    public async Task The_store_may_name_application_and_tenant_in_place_of_the_annotations()
    {
        await using var set = await MakeAsync();
        set.Cluster.Put("team-a", "azure", "tenant", AzureSimulator.Tenant);
        set.Azure.Accept(AzureSetUp.Client, form => form["client_assertion"] == Assertion);
        await using var source = await set.OpenAsync(options =>
        {
            Workload(options);
            options["authSecretRef"] = JsonNode.Parse("""{"clientId":{"name":"azure","key":"id"},"tenantId":{"name":"azure","key":"tenant"}}""");
        });
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    [Theory]
    [InlineData(AzureLogins.ClientAnnotation, "multiple clientID found")]
    [InlineData(AzureLogins.TenantAnnotation, "multiple tenantID found")]
    public async Task What_both_name_is_told(string annotation, string expected)
    {
        await using var set = await MakeAsync();
        Annotate(set, (annotation, "x"));
        await using var source = await set.OpenAsync(options =>
        {
            Workload(options);
            options["tenantId"] = AzureSimulator.Tenant;
            options["authSecretRef"] = JsonNode.Parse("""{"clientId":{"name":"azure","key":"id"}}""");
        });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_controllers_own_identity_is_that_of_its_environment()
    {
        await using var set = await MakeAsync();
        using var file = new TemporaryFile("token of the pod\n");
        Environment(set, file.Path);
        set.Variables[AzureSurroundings.AuthorityHost] = set.Azure.Address.ToString();
        set.Azure.Accept("pod", form => form["client_assertion"] == "token of the pod");
        await using var source = await set.OpenAsync(Own);
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    [Fact]
    public async Task The_controllers_own_identity_logs_in_nowhere_that_a_tenant_names()
    {
        await using var set = await MakeAsync();
        using var file = new TemporaryFile("token of the pod");
        Environment(set, file.Path);
        await using var source = await set.OpenAsync(Own);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.All(set.Azure.Seen, request => Assert.Equal((null, 0), (request.Token, request.Form.Count)));
    }

    [Fact]
    public async Task Without_an_identity_in_the_environment_the_remedy_is_told()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(Own);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Contains("azure.workload.identity/use", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("some-client", "client_id=some-client")]
    [InlineData("/subscriptions/s/identity", "msi_res_id=/subscriptions/s/identity")]
    public async Task A_machine_asks_its_metadata_server(string? identity, string expected)
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(options => Machine(options, identity));
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.Contains(expected, set.Azure.Seen.Single(request => request.Path.StartsWith("/metadata/", StringComparison.Ordinal)).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, ProviderFailureKind.Invalid, "Identity not found")]
    [InlineData(404, ProviderFailureKind.Invalid, "Identity not found")]
    [InlineData(500, ProviderFailureKind.Unavailable, "Identity not found")]
    public async Task A_machine_that_has_no_such_identity_says_whose_it_was(int status, ProviderFailureKind kind, string reason)
    {
        await using var set = await MakeAsync();
        set.Azure.Instead = context => Refuse(context, context.Request.Path.StartsWithSegments("/metadata", StringComparison.Ordinal), status, $$"""{"error":"invalid_request","error_description":"{{reason}}"}""");
        await using var source = await set.OpenAsync(options => Machine(options, "some-client"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(kind, failure.Kind);
        Assert.Contains("asked for a token of identity some-client,", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_the_machine_that_the_vault_no_longer_takes_is_replaced_at_once()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(options => Machine(options, null));
        await source.TextAsync(new("app"));
        set.Azure.ForgetTokens();
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.Equal(2, set.Azure.Logins);
    }

    [Theory]
    [InlineData("some-client&resource=https://management.azure.com")]
    [InlineData("/subscriptions/s/identity%26resource=x")]
    [InlineData("some-client#")]
    public async Task An_identity_that_would_ask_for_something_else_is_asked_for_by_nobody(string identity)
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(options => Machine(options, identity));
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")))).Kind);
        Assert.Equal(0, set.Azure.Logins);
    }

    [Fact]
    public async Task A_directory_server_of_ones_own_is_logged_in_at_its_own_place()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(options => options["tenantId"] = "adfs");
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.Equal("/adfs/oauth2/token", set.Azure.Seen.Single(request => request.Form.Count > 0).Path);
    }

    [Fact]
    public async Task A_vault_may_say_itself_what_a_token_for_it_is_for()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync(options => options["customCloudConfig"]!.AsObject().Remove("keyVaultEndpoint"));
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.Equal((null, 1), (set.Azure.Seen[0].Token, set.Azure.Logins));
        Assert.DoesNotContain("common/discovery", string.Concat(set.Azure.Seen.Select(request => request.Path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://vault.azure.net")]
    [InlineData("https://vault.test/&resource=https://management.azure.com")]
    [InlineData("https://vault.test@management.azure.com")]
    [InlineData("https://test/?x=management.azure.com")]
    [InlineData("vault.test")]
    [InlineData("nonsense")]
    public async Task A_vault_that_wants_a_token_for_another_domain_gets_none(string resource)
    {
        await using var set = await MakeAsync();
        set.Azure.Resource = resource;
        foreach (var key in (string[])["app", "cert/app", "key/app"])
        {
            foreach (var change in (Action<JsonObject>[])[_ => { }, options => options["customCloudConfig"]!.AsObject().Remove("keyVaultEndpoint"), options => Machine(options, null)])
            {
                await using var source = await set.OpenAsync(options =>
                {
                    options["customCloudConfig"]!["keyVaultEndpoint"] = "https://vault.test";
                    change(options);
                });
                var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new(key)));
                Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
            }
        }
        Assert.Equal(0, set.Azure.Logins);
    }

    [Fact]
    public async Task A_vault_at_the_very_address_that_tokens_are_for_is_one_where_the_store_says_so()
    {
        await using var set = await MakeAsync();
        set.Azure.Resource = set.Azure.Address.ToString().TrimEnd('/');
        await using var source = await set.OpenAsync();
        Assert.Equal("value", await source.TextAsync(new("app")));
        set.Azure.Resource = "https://vault.azure.net";
        set.Azure.ForgetTokens();
        Assert.Equal(ProviderFailureKind.Denied, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")))).Kind);
        Assert.Equal(1, set.Azure.Logins);
    }

    [Fact]
    public async Task Claims_that_the_vault_wants_are_asked_for()
    {
        await using var set = await MakeAsync();
        await using var source = await set.OpenAsync();
        await source.TextAsync(new("app"));
        set.Azure.Claims = """{"access_token":{"nbf":{"essential":true,"value":"1"}}}""";
        set.Azure.ForgetTokens();
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.Equal(set.Azure.Claims, set.Azure.Seen.Last(request => request.Form.Count > 0).Form["claims"]);
    }

    private static async Task<AzureSetUp> MakeAsync()
    {
        var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", "value");
        return set;
    }

    private static void Annotate(AzureSetUp set, params (string Name, string Value)[] annotations)
        => set.Cluster.Annotate("team-a", "app", annotations.ToDictionary(annotation => annotation.Name, annotation => annotation.Value, StringComparer.Ordinal));

    private static void Environment(AzureSetUp set, string file)
    {
        set.Variables[AzureSurroundings.ClientId] = "pod";
        set.Variables[AzureSurroundings.TenantId] = AzureSimulator.Tenant;
        set.Variables[AzureSurroundings.TokenFile] = file;
    }

    private static void Own(JsonObject options)
    {
        options["authType"] = "WorkloadIdentity";
        options.Remove("authSecretRef");
        options.Remove("tenantId");
    }

    private static void Workload(JsonObject options)
    {
        Own(options);
        options["serviceAccountRef"] = new JsonObject { ["name"] = "app" };
    }

    private static void Machine(JsonObject options, string? identity)
    {
        Own(options);
        options["authType"] = "ManagedIdentity";
        if (identity is not null) options["identityId"] = identity;
    }

    private static async Task<bool> Refuse(HttpContext context, bool isWanted, int status, string body)
    {
        if (!isWanted) return false;
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
        return true;
    }

    private static bool IsSignedBy(RSA key, string assertion, string audience)
    {
        var parts = assertion.Split('.');
        using var header = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0]));
        using var payload = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        return header.RootElement.GetProperty("alg").GetString() == "PS256"
            && header.RootElement.TryGetProperty("x5t#S256", out _)
            && payload.RootElement.GetProperty("aud").GetString() == audience
            && payload.RootElement.GetProperty("iss").GetString() == AzureSetUp.Client
            && long.Parse(payload.RootElement.GetProperty("exp").ToString(), null) - long.Parse(payload.RootElement.GetProperty("nbf").ToString(), null) == 600
            && key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }
}
