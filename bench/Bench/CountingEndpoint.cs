using System.Net;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Bench;

/// <summary>An HTTP endpoint on loopback that answers every GET alike, and counts.</summary>
internal sealed class CountingEndpoint : IAsyncDisposable
{
    private static readonly byte[] Answer = """{"user":"app","password":"0123456789abcdef0123456789abcdef"}"""u8.ToArray();

    private readonly HttpListener listener;
    private readonly PortLease port;
    private Task running = Task.CompletedTask;
    private long calls;

    private CountingEndpoint(HttpListener listener, PortLease port) => (this.listener, this.port, Address) = (listener, port, AddressOf(port));

    /// <summary>Ends with a slash.</summary>
    public string Address { get; }

    public long Calls => Interlocked.Read(ref calls);

    public static CountingEndpoint Start()
    {
        var port = PortLease.Take();
        var listener = new HttpListener { Prefixes = { AddressOf(port) } };
        listener.Start();
        var endpoint = new CountingEndpoint(listener, port);
        endpoint.running = Task.Run(endpoint.ServeAsync);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await running;
        port.Dispose();
    }

    private static string AddressOf(PortLease port) => $"http://127.0.0.1:{port.Port}/";

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            Interlocked.Increment(ref calls);
            await call.Response.OutputStream.WriteAsync(Answer);
            call.Response.Close();
        }
    }
}
