using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Azure;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>A simulated vault with the keys <c>app</c> and <c>other</c>, as https://learn.microsoft.com/rest/api/keyvault/keys/encrypt has them.</summary>
internal sealed class AzureKeyServer : IAsyncDisposable
{
    public const string Client = "99999999-0000-0000-0000-000000000001";
    public const string Password = "password-of-the-application";

    private readonly Dictionary<string, RSA> keys = new(StringComparer.Ordinal) { ["app"] = RSA.Create(2048), ["other"] = RSA.Create(2048) };

    private readonly TestCertificates certificates;

    private AzureKeyServer(TestCertificates certificates, AzureSimulator azure) => (this.certificates, Azure) = (certificates, azure);

    public AzureSimulator Azure { get; }

    /// <summary>Trusts the vault.</summary>
    public IProviderHttp Http => new AzureSimulatedHttp(new ProviderHttp(new ProviderHttpOptions { MaxRetries = 1, RetryDelay = TimeSpan.Zero, Authorities = certificates.Authorities }, TimeProvider.System), Azure);

    public string AuthorityPem => certificates.Pem;

    /// <summary>What <c>app</c> wrapped opens with this.</summary>
    public RSA App => keys["app"];

    public static async Task<AzureKeyServer> StartAsync()
    {
        var certificates = new TestCertificates();
        var server = new AzureKeyServer(certificates, await AzureSimulator.StartAsync(TimeProvider.System, certificates));
        server.Azure.Accept(Client, Password);
        server.Azure.Instead = server.AnswerAsync;
        return server;
    }

    /// <summary>As the flag and creation rules name it.</summary>
    public string KeyUrl(string name = "app") => new Uri(Azure.Address, $"keys/{name}/1a").ToString();

    /// <summary>The variables of Azure's own tools.</summary>
    public Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURE_TENANT_ID"] = AzureSimulator.Tenant, ["AZURE_CLIENT_ID"] = Client, ["AZURE_AUTHORITY_HOST"] = Azure.Address.ToString() };
        foreach (var (name, value) in more) variables[name] = value;
        return variables;
    }

    /// <summary>The item <c>sops.azure-kv</c>.</summary>
    public string Item() => $"tenantId: {AzureSimulator.Tenant}\nclientId: {Client}\nclientSecret: {Password}\nauthorityHost: {Azure.Address}";

    public async ValueTask DisposeAsync()
    {
        await Azure.DisposeAsync();
        certificates.Dispose();
        foreach (var key in keys.Values) key.Dispose();
    }

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.Split('/') is not ["", "keys", var name, "1a", var action] || !keys.TryGetValue(name, out var rsa)) return false;
        if (context.Request.Headers.Authorization.Count == 0) return false;
        var body = Azure.Seen[^1].Body!;
        Assert.Equal("RSA-OAEP-256", body["alg"]!.GetValue<string>());
        var value = Base64Url.DecodeFromChars(body["value"]!.GetValue<string>());
        var result = action == "encrypt" ? rsa.Encrypt(value, RSAEncryptionPadding.OaepSHA256) : rsa.Decrypt(value, RSAEncryptionPadding.OaepSHA256);
        await context.Response.WriteAsync(new JsonObject { ["kid"] = $"{name}/1a", ["value"] = Base64Url.EncodeToString(result) }.ToJsonString());
        return true;
    }
}
