using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>An HTTP server that refuses everything and remembers the headers: what the client says of itself.</summary>
internal sealed class HeaderRecorder : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<IHeaderDictionary> _seen = new();

    private HeaderRecorder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(context =>
        {
            _seen.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase)));
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
    }

    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public IReadOnlyList<IHeaderDictionary> Seen => [.. _seen];

    public static async Task<HeaderRecorder> StartAsync(CancellationToken cancellationToken)
    {
        var recorder = new HeaderRecorder();
        await recorder._application.StartAsync(cancellationToken);
        return recorder;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
