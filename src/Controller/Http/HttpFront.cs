using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using GitOpsSecrets.Controller.Flags;

namespace GitOpsSecrets.Controller.Http;

/// <summary>Two plain-HTTP listeners in one server: the API and the metrics. What belongs to one port is not found on the other.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private static readonly string[] MeasuredPaths = [CertificateEndpoint.Path, VerifyEndpoint.Path, RotateEndpoint.Path];

    private readonly WebApplication application;
    private readonly Metrics metrics;
    private readonly TimeSpan longest;
    private readonly ControllerOptions options;
    private readonly TimeProvider time;

    public HttpFront(
        ControllerOptions options, Metrics metrics, ILoggerFactory loggers, TimeProvider time,
        Action<IEndpointRouteBuilder> api, Action<IEndpointRouteBuilder> measurements)
    {
        this.metrics = metrics;
        this.time = time;
        this.options = options;
        longest = options.ReadTimeout + options.WriteTimeout;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        // Whoever stops it says how long that may take.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        application = builder.Build();
        application.Use(BoundAsync);
        application.UseWhen(IsForMetrics, branch => Route(branch, measurements));
        application.UseWhen(context => !IsForMetrics(context), branch => Route(branch.Use(MeasureAsync), api));
        application.Run(context => Answer.TextAsync(context, StatusCodes.Status404NotFound, "404 page not found", context.RequestAborted));
    }

    /// <summary>Where the API listens, with the real port; known once started.</summary>
    public Uri? ApiAddress { get; private set; }

    public Uri? MetricsAddress { get; private set; }

    /// <exception cref="ListenException">A port cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Listening.StartAsync(() => application.StartAsync(cancellationToken), ("--listen-addr", options.ListenAddress), ("--listen-metrics-addr", options.MetricsAddress)).ConfigureAwait(false);
        var server = application.Services.GetRequiredService<IServer>();
        var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(Reachable(address))).ToList();
        (ApiAddress, MetricsAddress) = (addresses[0], addresses[1]);
    }

    public Task StopAsync(CancellationToken cancellationToken) => application.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, ControllerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = SealedSecretBody.MaxSize;
        kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
        kestrel.Limits.KeepAliveTimeout = options.ReadTimeout;
        kestrel.Limits.MaxConcurrentConnections = 1024;
        Listen(kestrel, options.ListenAddress, forMetrics: false);
        Listen(kestrel, options.MetricsAddress, forMetrics: true);
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, bool forMetrics)
    {
        if (address.Address is null) kestrel.ListenAnyIP(address.Port, Mark);
        else kestrel.Listen(address.Address, address.Port, Mark);

        // The port itself may be 0, so each connection is marked by the listener that took it.
        void Mark(ListenOptions listener) => listener.Use(next => connection =>
        {
            if (forMetrics) connection.Features.Set(MetricsMark.Instance);
            return next(connection);
        });
    }

    private static bool IsForMetrics(HttpContext context) => context.Features.Get<MetricsMark>() is not null;

    private static void Route(IApplicationBuilder branch, Action<IEndpointRouteBuilder> map)
    {
        branch.UseRouting();
        branch.UseEndpoints(map);
    }

    /// <summary>Cuts the connection of a request that takes longer than reading and writing may take together.</summary>
    private async Task BoundAsync(HttpContext context, RequestDelegate next)
    {
        using var clock = new CancellationTokenSource(longest, time);
        await using var cut = clock.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), context);
        await next(context).ConfigureAwait(false);
    }

    private async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var path = Array.Find(MeasuredPaths, path => context.Request.Path == path);
        if (path is null)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var started = Stopwatch.GetTimestamp();
        var method = MethodLabel(context.Request.Method);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            var code = context.Response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
            metrics.HttpRequests.WithLabels(path, code, method).Inc();
            metrics.HttpDuration.WithLabels(path, method).Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>As the original's library writes it. A method is the caller's text: only known ones may become label values.</summary>
    private static string MethodLabel(string method) => method switch
    {
        "GET" => "get",
        "HEAD" => "head",
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        _ => "unknown",
    };

    private static string Reachable(string address) =>
        address.Replace("[::]", IPAddress.Loopback.ToString(), StringComparison.Ordinal).Replace("0.0.0.0", IPAddress.Loopback.ToString(), StringComparison.Ordinal);

    private sealed class MetricsMark
    {
        public static MetricsMark Instance { get; } = new();
    }
}
