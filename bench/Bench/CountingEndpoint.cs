using System.Net;

namespace GitOpsSecrets.Bench;

/// <summary>An HTTP endpoint on loopback that answers every GET alike, and counts.</summary>
internal sealed class CountingEndpoint : IAsyncDisposable
{
    private static readonly byte[] Answer = """{"user":"app","password":"0123456789abcdef0123456789abcdef"}"""u8.ToArray();

    private readonly HttpListener listener;
    private Task running = Task.CompletedTask;
    private long calls;

    private CountingEndpoint(HttpListener listener, string address) => (this.listener, Address) = (listener, address);

    /// <summary>Ends with a slash.</summary>
    public string Address { get; }

    public long Calls => Interlocked.Read(ref calls);

    public static CountingEndpoint Start()
    {
        var address = $"http://127.0.0.1:{FreePort()}/";
        var listener = new HttpListener { Prefixes = { address } };
        listener.Start();
        var endpoint = new CountingEndpoint(listener, address);
        endpoint.running = Task.Run(endpoint.ServeAsync);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await running;
    }

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

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
