using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>A controller that is told of changed secrets over HTTPS, with the certificate that it made for itself.</summary>
internal sealed class EventStage : IAsyncDisposable
{
    public const string Key = "a key of the tests, for the tests";
    public const string Token = "a-token-of-the-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string folder;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private int ids;

    private EventStage(ExternalStage stage, ControllerProcess controller, HttpClient http, string folder, TimeProvider time)
    {
        this.time = time;
        Stage = stage;
        Controller = controller;
        this.http = http;
        this.folder = folder;
    }

    public ExternalStage Stage { get; }

    public ControllerProcess Controller { get; }

    public HttpClient Http => http;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="sources">The list <c>events.sources</c>, in YAML; KEY and TOKEN stand for the names of the files of keys.</param>
    public static async Task<EventStage> SetAsync(string sources, TimeProvider? time = null, ExternalStage? stage = null, params string[] flags)
    {
        stage ??= await ExternalStage.SetAsync();
        var folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), Key + "\n", Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), Token + "\n", Stop);
        var file = Path.Combine(folder, "events.yaml");
        var named = sources.Replace("KEY", Path.Combine(folder, "key"), StringComparison.Ordinal).Replace("TOKEN", Path.Combine(folder, "token"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, $"events:\n  sources: {named}\n", Stop);
        var controller = stage.Build(time ?? TimeProvider.System, ["--event-listen-addr=127.0.0.1:0", $"--event-sources-file={file}", "--event-dns-name=localhost", .. flags]);
        await controller.External!.Ready.WaitAsync(Patience, Stop);
        await controller.Announcements!.Ready.WaitAsync(Patience, Stop);
        var secret = await stage.Kube.GetAsync(ClusterKinds.Secrets, new NamespacedName("kube-system", "sealed-secrets-controller-events"), Stop);
        return new EventStage(stage, controller, Trusting(secret.Data!["ca.crt"]!), folder, time ?? TimeProvider.System);
    }

    public static string Sign(string id, long timestamp, string body, string key = Key) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{id}.{timestamp.ToString(CultureInfo.InvariantCulture)}.{body}")));

    public async Task<HttpStatusCode> TellAsync(string source, string body, string? id = null)
    {
        id ??= $"msg_{Interlocked.Increment(ref ids)}";
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = Request(source, body);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", Sign(id, timestamp, body));
        return await SendAsync(request);
    }

    public async Task<HttpStatusCode> TellWithTokenAsync(string source, string body, string token = Token)
    {
        using var request = Request(source, body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await SendAsync(request);
    }

    public HttpRequestMessage Request(string source, string body, string contentType = "application/json") => new(HttpMethod.Post, new Uri(Controller.Announcements!.Address!, $"/v1/events/{source}"))
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
    };

    /// <summary>No answer says anything but its status.</summary>
    public async Task<HttpStatusCode> SendAsync(HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request, Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.TooManyRequests || (await answer.Content.ReadAsByteArrayAsync(Stop)).Length == 0);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Stage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static HttpClient Trusting(byte[] authorities)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(Encoding.ASCII.GetString(authorities));
        return new HttpClient(new SocketsHttpHandler
        {
            Expect100ContinueTimeout = Patience,
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted[0] }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
    }
}
