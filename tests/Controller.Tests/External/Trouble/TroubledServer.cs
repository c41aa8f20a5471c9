using System.Net;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>Stands between a store and its simulator: passes everything on, and is in trouble when the test says so.</summary>
internal sealed class TroubledServer : IAsyncDisposable
{
    private readonly TestCertificates certificates = new();
    private readonly Uri simulator;
#pragma warning disable CA5359 // To a simulator of the same test, on loopback.
    private readonly HttpClient onward = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });
#pragma warning restore CA5359
    private LoopbackServer server = null!;
    private int requests;

    private TroubledServer(Uri simulator) => this.simulator = simulator;

    public Uri Address => server.Address;

    public string AuthorityPem => certificates.Pem;

    /// <summary>Answers in place of the simulator, when set.</summary>
    public RequestDelegate? Trouble { get; set; }

    /// <summary>Since the last <see cref="Forget"/>.</summary>
    public int Requests => Volatile.Read(ref requests);

    public static async Task<TroubledServer> StartAsync(Uri simulator)
    {
        var troubled = new TroubledServer(simulator);
        troubled.server = await LoopbackServer.StartAsync(troubled.AnswerAsync, troubled.certificates.Issue("127.0.0.1"));
        return troubled;
    }

    public void Forget() => Volatile.Write(ref requests, 0);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        onward.Dispose();
        certificates.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        return Trouble is { } trouble ? trouble(context) : PassOnAsync(context);
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // As it was asked for, escapes and all: signatures are over it.
        var target = new Uri(simulator.GetLeftPart(UriPartial.Authority) + context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target) { Content = body.Length > 0 ? new ByteArrayContent(body.ToArray()) : null };
        if (context.Request.Protocol == HttpProtocol.Http2) (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        foreach (var (name, value) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }

        using var answer = await onward.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not "Transfer-Encoding" and not "Content-Length") context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        foreach (var (name, values) in answer.TrailingHeaders) context.Response.AppendTrailer(name, values.ToArray());
    }
}
