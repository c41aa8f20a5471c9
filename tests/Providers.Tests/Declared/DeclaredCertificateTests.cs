using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>Stores of definitions that show a client certificate: OVHcloud's and Conjur's.</summary>
public sealed class DeclaredCertificateTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly MemoryCluster cluster = new("team-a");
    private LoopbackServer server = null!;
    private string seen = "";

    public async ValueTask InitializeAsync()
    {
        server = await LoopbackServer.StartAsync(
            context =>
            {
                seen = $"{context.Connection.ClientCertificate?.Subject} {context.Request.Headers.Authorization}";
                return context.Response.WriteAsync("""{"version":{"id":1,"data":{"password":"changeme"}}}""");
            },
            certificates.Issue("127.0.0.1"),
            asksForCertificate: true);
        using var identity = certificates.Issue("our-controller");
        cluster.Put("team-a", "ovh", "crt", identity.ExportCertificatePem());
        cluster.Put("team-a", "ovh", "key", identity.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task It_is_shown_and_no_token_besides()
    {
        await using var source = await OpenAsync();
        Assert.Equal("changeme", await source.TextAsync(new("db", "password")));
        Assert.Equal("CN=our-controller ", seen);
    }

    /// <summary>A login and all that comes after it go over the same TLS.</summary>
    [Fact]
    public async Task It_may_be_the_login_itself()
    {
        var options = JsonNode.Parse($$$"""
            {"url":"{{{server.Address}}}","caBundle":"{{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificates.Pem))}}}",
            "auth":{"cert":{"account":"acme","serviceID":"machines","clientCertRef":{"name":"ovh","key":"crt"},"clientKeyRef":{"name":"ovh","key":"key"} } } }
            """)!.AsObject();
        await using var source = await new DeclaredProvider(RecordedStore.DefinitionOf("conjur")).OpenAsync(RecordedStore.Context(options, cluster), TestContext.Current.CancellationToken);
        Assert.Equal("changeme", await source.TextAsync(new("db", "version.data.password")));
        Assert.StartsWith("CN=our-controller Token token=", seen, StringComparison.Ordinal);
    }

    /// <summary>Where the original has it.</summary>
    [Fact]
    public async Task The_authority_may_stand_beside_it()
    {
        var authority = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificates.Pem));
        await using (var source = await OpenAsync("", $"\"caBundle\":\"{authority}\",")) Assert.Equal("changeme", await source.TextAsync(new("db", "password")));
        cluster.Put("team-a", "ovh", "ca", certificates.Pem);
        await using (var source = await OpenAsync("", """
            "caProvider":{"type":"Secret","name":"ovh","key":"ca"},
            """)) Assert.Equal("changeme", await source.TextAsync(new("db", "password")));
    }

    [Fact]
    public async Task What_is_no_pair_is_told_and_not_quoted()
    {
        cluster.Put("team-a", "ovh", "key", "hunter2");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => OpenAsync());
        Assert.Equal((ProviderFailureKind.Invalid, "OVHcloud: the client certificate and its key are no PEM pair"), (failure.Kind, failure.Message));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }

    /// <param name="authority">The store's own; its <c>caBundle</c> where nothing is said.</param>
    /// <param name="beside">What stands beside the certificate.</param>
    private Task<ISecretSource> OpenAsync(string? authority = null, string beside = "")
    {
        authority ??= $"\"caBundle\":\"{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificates.Pem))}\",";
        var options = JsonNode.Parse($$$"""
            {"server":"{{{server.Address}}}","okmsid":"734b9b45-0000-4000-8000-000000000000",{{{authority}}}
            "auth":{"mtls":{ {{{beside}}} "certSecretRef":{"name":"ovh","key":"crt"},"keySecretRef":{"name":"ovh","key":"key"} } } }
            """)!.AsObject();
        return new DeclaredProvider(RecordedStore.DefinitionOf("ovh")).OpenAsync(RecordedStore.Context(options, cluster), TestContext.Current.CancellationToken);
    }
}
