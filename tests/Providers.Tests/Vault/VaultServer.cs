using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>A real Vault or OpenBao, where one is on the PATH: over TLS, in memory, unsealed, with KV version 1 at <c>kv1/</c> and version 2 at <c>secret/</c>.</summary>
internal sealed class VaultServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process process;
    private readonly HttpClient http;
    private readonly string folder;

    private VaultServer(Process process, HttpClient http, string folder, TestCertificates certificates) =>
        (this.process, this.http, this.folder, Certificates) = (process, http, folder, certificates);

    /// <summary>Null where there is none.</summary>
    public static string? Binary { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(directory => new[] { Path.Combine(directory, "vault"), Path.Combine(directory, "bao") }).FirstOrDefault(File.Exists);

    public Uri Address => http.BaseAddress!;

    /// <summary>The authority of the server's certificate, which can issue those of clients too.</summary>
    public TestCertificates Certificates { get; }

    /// <summary>May do anything.</summary>
    public string Token { get; private set; } = "";

    /// <summary>From Vault 1.9 on, and in every OpenBao.</summary>
    public bool KeepsCustomMetadata { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where there is no such program.</summary>
    public static async Task<VaultServer> StartAsync()
    {
        Assert.SkipWhen(Binary is null, "neither vault nor bao is on the PATH");
        var folder = Directory.CreateTempSubdirectory("vault-").FullName;
        var certificates = new TestCertificates();
        var address = new Uri($"https://127.0.0.1:{FreePort()}/");
        var start = new ProcessStartInfo(Binary, ["server", $"-config={Configuration(folder, certificates, address)}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = folder;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new VaultServer(process, new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = certificates.Policy() } }) { BaseAddress = address }, folder, certificates);
        await server.UnsealAsync();
        return server;
    }

    /// <summary>Writes a version of a secret of the KV engine at <c>secret/</c>.</summary>
    public Task PutAsync(string key, JsonObject values) => WriteAsync($"secret/data/{key}", new JsonObject { ["data"] = values });

    public async Task<bool> ExistsAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri("v1/" + path, UriKind.Relative), Stop);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Writes to a path of the API, as the holder of <see cref="Token"/>.</summary>
    public async Task<JsonObject> WriteAsync(string path, JsonObject body)
    {
        using var answer = await http.PostAsJsonAsync("v1/" + path, body, Stop);
        return await ReadAsync(path, answer);
    }

    public async Task<JsonObject> ReadAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri("v1/" + path, UriKind.Relative), Stop);
        return await ReadAsync(path, answer);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        Certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<JsonObject> ReadAsync(string path, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    private static string Configuration(string folder, TestCertificates certificates, Uri address)
    {
        using var certificate = certificates.Issue(address.Host);
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        var listener = new JsonObject { ["address"] = address.Authority, ["tls_cert_file"] = Path.Combine(folder, "server.crt"), ["tls_key_file"] = Path.Combine(folder, "server.key") };
        var path = Path.Combine(folder, "vault.json");
        File.WriteAllText(path, new JsonObject
        {
            ["storage"] = new JsonObject { ["inmem"] = new JsonObject() },
            ["listener"] = new JsonObject { ["tcp"] = listener },
            ["api_addr"] = address.ToString(),
            ["disable_mlock"] = true,
        }.ToJsonString());
        return path;
    }

    private async Task UnsealAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await AnswersAsync())
        {
            Assert.False(process.HasExited || limit.IsCancellationRequested, $"{Binary} does not come up");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
        var keys = await WriteAsync("sys/init", new JsonObject { ["secret_shares"] = 1, ["secret_threshold"] = 1 });
        await WriteAsync("sys/unseal", new JsonObject { ["key"] = keys["keys"]![0]!.DeepClone() });
        Token = (string)keys["root_token"]!;
        http.DefaultRequestHeaders.Add("X-Vault-Token", Token);
        await WriteAsync("sys/mounts/kv1", new JsonObject { ["type"] = "kv" });
        await WriteAsync("sys/mounts/secret", new JsonObject { ["type"] = "kv", ["options"] = new JsonObject { ["version"] = "2" } });
        var version = ((string)(await ReadAsync("sys/health"))["version"]!).Split('.', '-');
        KeepsCustomMetadata = Path.GetFileName(Binary) == "bao" || (int.Parse(version[0], CultureInfo.InvariantCulture), int.Parse(version[1], CultureInfo.InvariantCulture)).CompareTo((1, 9)) >= 0;
        // A new engine of version 2 says for a moment that it is being upgraded.
        while (!await SucceedsAsync(() => http.PostAsJsonAsync("v1/secret/data/ready", new JsonObject { ["data"] = new JsonObject() }, Stop))) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
    }

    private Task<bool> AnswersAsync() => SucceedsAsync(() => http.GetAsync(new Uri("v1/sys/seal-status", UriKind.Relative), Stop));

    private static async Task<bool> SucceedsAsync(Func<Task<HttpResponseMessage>> request)
    {
        try
        {
            using var answer = await request();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
