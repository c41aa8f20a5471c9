using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>Machines that are not asked at the metadata server.</summary>
[Collection(AzureEnvironment.Name)]
public sealed class AzureMachineTests : IDisposable
{
    private static readonly string[] Names = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"];

    public void Dispose()
    {
        foreach (var name in Names) Environment.SetEnvironmentVariable(name, null);
    }

    [Fact]
    public async Task An_app_service_proves_itself_by_a_header()
    {
        await using var set = await AzureSetUp.MakeAsync();
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", set.Azure.Number + "msi/token");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "header-of-the-app");
        set.Azure.Instead = context => Answer(context, context.Request.Path == "/msi/token" && context.Request.Headers["X-IDENTITY-HEADER"] == "header-of-the-app");
        await using var source = await set.OpenAsync(Machine);
        await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app"))); // the vault does not know that token
        Assert.Equal("the-token", set.Azure.Seen[^1].Token);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/var/opt/azcmagent/tokens/../../../../etc/shadow.key")]
    [InlineData("")]
    public async Task A_file_that_is_none_of_the_arc_agents_is_not_read(string named)
    {
        await using var set = await AzureSetUp.MakeAsync();
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", set.Azure.Number + "arc/token");
        Environment.SetEnvironmentVariable("IMDS_ENDPOINT", set.Azure.Number.ToString());
        set.Azure.Instead = context =>
        {
            if (context.Request.Path != "/arc/token") return Task.FromResult(false);
            context.Response.Headers.WWWAuthenticate = "Basic realm=" + named;
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        await using var source = await set.OpenAsync(Machine);
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")))).Kind);
        Assert.Single(set.Azure.Seen, request => request.Path == "/arc/token");
    }

    [Fact]
    public async Task A_machine_is_asked_also_where_the_controller_has_a_token_of_its_own()
    {
        await using var set = await AzureSetUp.MakeAsync();
        using var file = new TemporaryFile("token of the pod");
        Environment.SetEnvironmentVariable("AZURE_FEDERATED_TOKEN_FILE", file.Path);
        Environment.SetEnvironmentVariable("AZURE_TENANT_ID", AzureSimulator.Tenant);
        Environment.SetEnvironmentVariable("AZURE_CLIENT_ID", "pod");
        set.Azure.PutSecret("app", "value");
        await using var source = await set.OpenAsync(Machine);
        Assert.Equal("value", await source.TextAsync(new("app")));
        Assert.All(set.Azure.Seen, request => Assert.Empty(request.Form));
    }

    private static void Machine(JsonObject options) => options["authType"] = "ManagedIdentity";

    private static async Task<bool> Answer(HttpContext context, bool isWanted)
    {
        if (isWanted) await context.Response.WriteAsync("""{"access_token":"the-token","expires_on":"4102444800"}""");
        return isWanted;
    }
}
