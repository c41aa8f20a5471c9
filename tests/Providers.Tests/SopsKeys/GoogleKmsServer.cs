using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Google Cloud KMS over TLS, as https://cloud.google.com/kms/docs/reference/rest has it; what is wrapped is its own reverse.</summary>
internal sealed class GoogleKmsServer : IAsyncDisposable
{
    public const string Key = "projects/p/locations/global/keyRings/sops/cryptoKeys/app";
    public const string OtherKey = "projects/p/locations/europe-west1/keyRings/sops/cryptoKeys/other";

    private static readonly RSA Account = RSA.Create(2048);

    private readonly TestCertificates certificates = new();
    private readonly ConcurrentQueue<(string Path, string Authorization)> seen = new();
    private LoopbackServer? server;

    public Uri Address => server!.Address;

    public IReadOnlyList<(string Path, string Authorization)> Seen => [.. seen];

    /// <summary>A folder that goes with the server; <c>ca.pem</c> in it is the certificate of whoever vouches for it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kms-").FullName;

    /// <summary>Where the service is, and whom to trust.</summary>
    public Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS"] = Address.ToString(),
        ["CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"] = Path.Combine(Folder, "ca.pem"),
    };

    /// <summary>The key file of a service account that may use all keys.</summary>
    public string KeyFile() => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "my-project",
        ["private_key_id"] = "key-1",
        ["private_key"] = Account.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = "sops@my-project.iam.gserviceaccount.com",
        ["token_uri"] = new Uri(Address, "token").ToString(),
    }.ToJsonString();

    public static async Task<GoogleKmsServer> StartAsync()
    {
        var kms = new GoogleKmsServer();
        kms.server = await LoopbackServer.StartAsync(kms.HandleAsync, kms.certificates.Issue("127.0.0.1"));
        await File.WriteAllTextAsync(Path.Combine(kms.Folder, "ca.pem"), kms.certificates.Pem, TestContext.Current.CancellationToken);
        return kms;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        certificates.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        seen.Enqueue((path, context.Request.Headers.Authorization.ToString()));
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (path == "/token")
        {
            await context.Response.WriteAsync("""{"access_token":"ya29.kms","expires_in":3600}""");
            return;
        }
        if (!context.Request.Headers.Authorization.ToString().StartsWith("Bearer ya29.", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync("""{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}""");
            return;
        }
        var isEncryption = path.EndsWith(":encrypt", StringComparison.Ordinal);
        var bytes = Convert.FromBase64String((string)JsonNode.Parse(body)![isEncryption ? "plaintext" : "ciphertext"]!);
        Array.Reverse(bytes);
        await context.Response.WriteAsync(new JsonObject { [isEncryption ? "ciphertext" : "plaintext"] = Convert.ToBase64String(bytes) }.ToJsonString());
    }
}
