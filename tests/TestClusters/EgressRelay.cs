using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GitOpsSecrets.TestClusters;

/// <summary>
/// The way out of kube-apiserver towards services, kept on this machine. The server refuses loopback endpoints, so a test gives an endpoint an
/// address from the documentation range and the server is told (by an egress selector) to reach it with <c>CONNECT address:port</c> over a Unix
/// socket: this relay answers and passes the bytes to the loopback port that stands for the address. Nothing ever dials the address itself.
/// </summary>
internal sealed class EgressRelay : IAsyncDisposable
{
    private const int LongestRequest = 4096;

    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, IPEndPoint> targets = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public EgressRelay(string socketPath)
    {
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>The configuration that sends the server's traffic to pods and services through the socket.</summary>
    public static string Configuration(string socketPath) => $$"""
        apiVersion: apiserver.k8s.io/v1beta1
        kind: EgressSelectorConfiguration
        egressSelections:
        - name: cluster
          connection:
            proxyProtocol: HTTPConnect
            transport:
              uds:
                udsName: {{socketPath}}
        """;

    /// <param name="address">As the server will ask for it, for example <c>192.0.2.10:8080</c>.</param>
    /// <param name="target">Where it is really served, on loopback.</param>
    public void Map(string address, Uri target) => targets[address] = new IPEndPoint(IPAddress.Loopback, target.Port);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(Socket caller)
    {
        using var _ = caller;
        try
        {
            await using var from = new NetworkStream(caller);
            if (await ReadTargetAsync(from) is not { } address || !targets.TryGetValue(address, out var target)) return;
            using var client = new TcpClient();
            await client.ConnectAsync(target, stop.Token);
            await using var to = client.GetStream();
            await from.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop.Token);
            await Task.WhenAny(from.CopyToAsync(to, stop.Token), to.CopyToAsync(from, stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException) { }
    }

    private async Task<string?> ReadTargetAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < LongestRequest && await stream.ReadAsync(one, stop.Token) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) return head.ToString().Split(' ')[1];
        }
        return null;
    }
}
