using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using global::Azure;
using global::Azure.Core.Pipeline;
using global::Azure.Identity;
using global::Azure.Security.KeyVault.Certificates;
using global::Azure.Security.KeyVault.Secrets;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>The vendor's own libraries, with their login and their challenges, find in the simulator what they expect of Azure.</summary>
public sealed class AzureSimulatorTests
{
    private const string Host = "app.vault.test";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_vendors_library_for_secrets_takes_it_for_a_vault()
    {
        using var certificates = new TestCertificates();
        await using var azure = await StartAsync(certificates);
        using var http = Client(certificates);
        azure.PageSize = 2;
        var client = new SecretClient(AddressOf(azure), Credential(azure, http), new SecretClientOptions { Transport = new HttpClientTransport(http) });
        foreach (var name in (string[])["a", "b", "c"]) await client.SetSecretAsync(new KeyVaultSecret(name, "value of " + name) { Properties = { Tags = { ["team"] = "x" }, ContentType = "text/plain" } }, Stop);
        var first = await client.GetSecretAsync("a", cancellationToken: Stop);
        await client.SetSecretAsync("a", "newer", Stop);
        Assert.Equal("newer", (await client.GetSecretAsync("a", cancellationToken: Stop)).Value.Value);
        Assert.Equal("value of a", (await client.GetSecretAsync("a", first.Value.Properties.Version, cancellationToken: Stop)).Value.Value);
        Assert.Equal("x", first.Value.Properties.Tags["team"]);
        var names = new List<string>();
        await foreach (var properties in client.GetPropertiesOfSecretsAsync(Stop)) names.Add(properties.Name);
        Assert.Equal(["a", "b", "c"], names);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => client.GetSecretAsync("absent", cancellationToken: Stop));
        Assert.Equal((404, "SecretNotFound"), (failure.Status, failure.ErrorCode));
        await client.StartDeleteSecretAsync("a", Stop);
        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => client.SetSecretAsync("a", "again", Stop))).Status);
        await client.StartRecoverDeletedSecretAsync("a", Stop);
        Assert.Equal("newer", (await client.GetSecretAsync("a", cancellationToken: Stop)).Value.Value);
        Assert.Equal(1, azure.Logins);
    }

    [Fact]
    public async Task The_vendors_library_for_certificates_takes_it_for_a_vault()
    {
        using var certificates = new TestCertificates();
        await using var azure = await StartAsync(certificates);
        using var http = Client(certificates);
        using var issued = certificates.Issue("app.example");
        var client = new CertificateClient(AddressOf(azure), Credential(azure, http), new CertificateClientOptions { Transport = new HttpClientTransport(http) });
        await client.ImportCertificateAsync(new ImportCertificateOptions("app", issued.Export(X509ContentType.Pkcs12)), Stop);
        Assert.Equal(issued.RawData, (await client.GetCertificateAsync("app", Stop)).Value.Cer);
        await client.StartDeleteCertificateAsync("app", Stop);
        Assert.Equal("CertificateNotFound", (await Assert.ThrowsAsync<RequestFailedException>(() => client.GetCertificateAsync("app", Stop))).ErrorCode);
    }

    private static async Task<AzureSimulator> StartAsync(TestCertificates certificates)
    {
        var azure = await AzureSimulator.StartAsync(TimeProvider.System, certificates, Host);
        azure.Resource = "https://vault.test";
        azure.Accept(AzureSetUp.Client, AzureSetUp.Password);
        return azure;
    }

    private static ClientSecretCredential Credential(AzureSimulator azure, HttpClient http) => new(AzureSimulator.Tenant, AzureSetUp.Client, AzureSetUp.Password, new ClientSecretCredentialOptions
    {
        AuthorityHost = AddressOf(azure),
        DisableInstanceDiscovery = true,
        Transport = new HttpClientTransport(http),
    });

    private static Uri AddressOf(AzureSimulator azure) => new UriBuilder(azure.Address) { Host = Host }.Uri;

    /// <summary>Whatever the name, it is the simulator.</summary>
    private static HttpClient Client(TestCertificates certificates) =>
        new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = certificates.Policy() }, ConnectCallback = ConnectAsync });

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
