using System.Net;
using System.Net.Sockets;

namespace GitOpsSecrets.Providers.Http;

/// <summary>
/// Keeps calls whose address a tenant chose away from link-local and metadata addresses, where clouds hand out the node's credentials. The
/// decision is made on the address that is then connected to, so a name that resolves to something else a moment later gains nothing.
/// </summary>
/// <param name="proxy">The one that connections may go through.</param>
/// <param name="resolve">From a name to its addresses.</param>
internal sealed class AddressGuard(IWebProxy proxy, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var end = context.DnsEndPoint;
        var isProxy = context.InitialRequestMessage.RequestUri is { } target && proxy.GetProxy(target) is { } through && through.IdnHost == end.Host && through.Port == end.Port;
        var addresses = await resolve(end.Host, cancellationToken).ConfigureAwait(false);
        // The operator chose the proxy.
        if (!isProxy) Refuse(end.Host, addresses);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Refuses an address that is written as one: behind a proxy nobody here connects to it.</summary>
    public static void CheckLiteral(Uri address)
    {
        if (IPAddress.TryParse(address.IdnHost, out var literal)) Refuse(address.IdnHost, [literal]);
        else if (GuardedAddresses.Names.Contains(address.IdnHost.TrimEnd('.'))) throw Refusal(address.IdnHost);
    }

    /// <summary>One guarded address among several is enough: nobody honest has such a name.</summary>
    private static void Refuse(string host, IPAddress[] addresses)
    {
        if (addresses.Any(GuardedAddresses.Contains)) throw Refusal(host);
    }

    private static ProviderException Refusal(string host) =>
        new(ProviderFailureKind.Invalid, $"{host} is a link-local or metadata address, which stores may not call");
}
