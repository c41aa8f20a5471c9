using GitOpsSecrets.TestClusters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.LocalCluster.Tests.Server;

public sealed class ServiceProxyTests(SharedClusters clusters)
{
    private const string Proxy = "/api/v1/namespaces/kube-system/services/http:echo:http/proxy";

    private static async Task<WebApplication> StartEchoAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            context.Response.StatusCode = 202;
            var authorization = context.Request.Headers.Authorization.Count;
            await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body} {authorization}", context.RequestAborted);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }

    [Fact]
    public async Task A_request_is_forwarded_to_the_registered_address_without_credentials()
    {
        var cluster = (LocalTestCluster)await clusters.GetAsync(ClusterKind.Local, TestContext.Current.CancellationToken);
        await using var echo = await StartEchoAsync();
        var address = echo.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        cluster.Server.MapServiceProxy("kube-system", "echo", new Uri(address));
        using var api = new ApiClient(cluster.CreateAdminClient());
        var got = await api.GetAsync(Proxy + "/v1/cert.pem?a=b");
        Assert.Equal((202, "GET /v1/cert.pem?a=b  0"), (got.Code, got.Text("text")));
        var posted = await api.SendAsync(HttpMethod.Post, Proxy + "/v1/rotate", "body");
        Assert.Equal("POST /v1/rotate body 0", posted.Text("text"));
    }

    [Fact]
    public async Task A_service_that_is_not_registered_has_no_endpoints()
    {
        var cluster = await clusters.GetAsync(ClusterKind.Local, TestContext.Current.CancellationToken);
        using var api = new ApiClient(cluster.CreateAdminClient());
        var answer = await api.GetAsync("/api/v1/namespaces/kube-system/services/http:nobody:/proxy/x");
        Assert.Equal((503, "ServiceUnavailable"), (answer.Code, answer.Reason));
        Assert.Contains("no endpoints available for service", answer.Message, StringComparison.Ordinal);
    }
}
