using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>A real Vault or OpenBao, where one is on the PATH: in its development mode, over TLS, in memory.</summary>
internal sealed class VaultServer : IAsyncDisposable
{
    public const string Token = "hvs.root-of-the-real-one";
    private const string Ready = "Root Token";
    private readonly Process process;
    private readonly HttpClient http;
    private readonly string folder;

    private VaultServer(Process process, Uri address, HttpClient http, string folder, string authority) =>
        (this.process, this.http, this.folder, Address, AuthorityPem) = (process, http, folder, address, authority);

    /// <summary>Null where there is none.</summary>
    public static string? Binary { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(directory => new[] { Path.Combine(directory, "vault"), Path.Combine(directory, "bao") }).FirstOrDefault(File.Exists);

    public Uri Address { get; }

    public string AuthorityPem { get; }

    public static async Task<VaultServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("vault-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo(Binary!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["server", "-dev", "-dev-tls", "-dev-tls-cert-dir=" + folder, "-dev-root-token-id=" + Token, $"-dev-listen-address=127.0.0.1:{port}"]) start.ArgumentList.Add(argument);
        // It leaves a token there.
        start.Environment["HOME"] = folder;
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && !line.Contains(Ready, StringComparison.Ordinal))
        {
            // It says so when it serves.
        }
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var authority = await File.ReadAllTextAsync(Directory.GetFiles(folder, "*ca.pem").Single(), cancellationToken);
        var address = new Uri($"https://127.0.0.1:{port}/");
        return new VaultServer(process, address, ClientFor(address, authority), folder, authority);
    }

    /// <summary>Writes a version of a secret of the KV engine at <c>secret/</c>.</summary>
    public async Task PutAsync(string key, JsonObject values)
    {
        using var answer = await http.PostAsJsonAsync($"v1/secret/data/{key}", new JsonObject { ["data"] = values }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static HttpClient ClientFor(Uri address, string authority)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(authority);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        return new HttpClient(handler) { BaseAddress = address, DefaultRequestHeaders = { { "X-Vault-Token", Token } } };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
