using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Acr;
using GitOpsSecrets.Providers.Tests.Azure;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class AcrGeneratorTests
{
    private const string Principal = """{"servicePrincipal":{"secretRef":{"clientId":{"name":"azure","key":"id"},"clientSecret":{"name":"azure","key":"password","namespace":"elsewhere"}}}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "refresh for {0} of {1}")]
    [InlineData("repository:app:pull", "access to repository:app:pull by refresh for {0} of {1}")]
    public async Task An_application_gets_a_refresh_token_and_with_a_scope_an_access_token(string? scope, string expected)
    {
        await using var set = await MakeAsync();
        using var made = await Generator(set).GenerateAsync(Request(set, Principal, scope), Stop);
        Assert.Equal(["password", "username"], made.Values.Keys);
        Assert.Equal("00000000-0000-0000-0000-000000000000", Text(made, "username"));
        Assert.Equal(string.Format(null, expected, set.Azure.Address.Authority, AzureSimulator.Tenant), Text(made, "password"));
        Assert.Null(made.ExpiresAt);
    }

    [Fact]
    public async Task A_service_account_gets_one_too()
    {
        await using var set = await MakeAsync();
        set.Cluster.Annotate("team-a", "app", new Dictionary<string, string> { [AzureLogins.ClientAnnotation] = "workload", [AzureLogins.TenantAnnotation] = AzureSimulator.Tenant });
        set.Azure.Accept("workload", form => form["client_assertion"].StartsWith("token of team-a/app", StringComparison.Ordinal));
        using var made = await Generator(set).GenerateAsync(Request(set, """{"workloadIdentity":{"serviceAccountRef":{"name":"app"}}}"""), Stop);
        Assert.StartsWith("refresh for", Text(made, "password"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_says_when_it_ends_is_made_anew_before()
    {
        await using var set = await MakeAsync();
        var token = $"e30.{Base64Url.EncodeToString("""{"exp":1767236400}"""u8)}.c2ln";
        set.Azure.Instead = async context =>
        {
            if (context.Request.Path != "/oauth2/exchange") return false;
            await context.Response.WriteAsync(new JsonObject { ["refresh_token"] = token }.ToJsonString());
            return true;
        };
        using var made = await Generator(set).GenerateAsync(Request(set, Principal), Stop);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_767_236_400), made.ExpiresAt);
    }

    [Theory]
    [InlineData("""{"managedIdentity":{"identityId":"x"}}""")]
    [InlineData("""{"workloadIdentity":{}}""")]
    public async Task The_controllers_own_identity_is_shown_to_registries_of_Azure_only(string auth)
    {
        await using var set = await MakeAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Generator(set).GenerateAsync(Request(set, auth), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Azure.Seen);
        Assert.Empty(Generator(set).Check(Request(set, auth, registry: "example.azurecr.io")));
    }

    [Fact]
    public async Task A_registry_that_refuses_is_told_without_the_token()
    {
        await using var set = await MakeAsync();
        set.Azure.Instead = async context =>
        {
            if (context.Request.Path != "/oauth2/exchange") return false;
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("token-1 is bad");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Generator(set).GenerateAsync(Request(set, Principal), Stop));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.DoesNotContain("token-1", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"auth":{},"registry":"example.azurecr.io"}""", "spec.auth")]
    [InlineData("""{"auth":{"managedIdentity":{}},"registry":"https://example.azurecr.io"}""", "spec.registry")]
    [InlineData("""{"auth":{"managedIdentity":{}},"registry":"example.azurecr.io/path"}""", "spec.registry")]
    [InlineData("""{"auth":{"managedIdentity":{}},"registry":"example.azurecr.io","environmentType":"AzureStackCloud"}""", "AzureStackCloud")]
    [InlineData("""{"auth":{"servicePrincipal":{"secretRef":{}}},"registry":"example.azurecr.io"}""", "spec.tenantId")]
    public async Task A_spec_that_cannot_work_is_told(string spec, string expected)
    {
        await using var set = await MakeAsync();
        Assert.Contains(Generator(set).Check(RequestOf(set, spec)), finding => finding.Contains(expected, StringComparison.Ordinal));
    }

    private static async Task<AzureSetUp> MakeAsync()
    {
        var set = await AzureSetUp.MakeAsync();
        set.Variables[AzureSurroundings.AuthorityHost] = set.Azure.Address.ToString();
        return set;
    }

    private static AcrGenerator Generator(AzureSetUp set) => new() { Surroundings = set.Surroundings() };

    private static GeneratorRequest Request(AzureSetUp set, string auth, string? scope = null, string? registry = null)
    {
        var spec = new JsonObject { ["auth"] = JsonNode.Parse(auth), ["registry"] = registry ?? set.Azure.Address.Authority, ["tenantId"] = AzureSimulator.Tenant };
        if (scope is not null) spec["scope"] = scope;
        return RequestOf(set, spec.ToJsonString());
    }

    private static GeneratorRequest RequestOf(AzureSetUp set, string spec)
    {
        using var document = JsonDocument.Parse(spec);
        return new("team-a", document.RootElement.Clone(), set.Cluster, set.Http, set.Calls, set.Time, System.Security.Cryptography.RandomNumberGenerator.Create());
    }

    private static string Text(Generated made, string key) => Encoding.UTF8.GetString(made.Values.Find(key)!);
}
