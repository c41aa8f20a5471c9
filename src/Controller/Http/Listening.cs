using System.Net;
using System.Net.Sockets;
using GitOpsSecrets.Controller.Flags;

namespace GitOpsSecrets.Controller.Http;

/// <summary>Opens ports. The server says of a port that it cannot have neither which flag asked for it nor, always, in words of its own.</summary>
internal static class Listening
{
    /// <param name="start">Opens them.</param>
    /// <param name="ports">The flags and what they say.</param>
    /// <exception cref="ListenException">One cannot be had.</exception>
    public static async Task StartAsync(Func<Task> start, params (string Flag, ListenAddress Address)[] ports)
    {
        try
        {
            await start().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            var refused = ports.Select(port => (port.Flag, port.Address, Error: Try(port.Address))).FirstOrDefault(port => port.Error is not null);
            // Free again by now, or asked for twice.
            if (refused.Error is not { } error) throw new ListenException($"{string.Join(" or ", ports.Select(port => $"{port.Flag} {port.Address}"))}: {failure.Message}", failure);
            throw new ListenException($"{refused.Flag} {refused.Address}: {Remedy(error)}", failure);
        }
    }

    private static SocketException? Try(ListenAddress address)
    {
        var end = new IPEndPoint(address.Address ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any), address.Port);
        try
        {
            using var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(end);
            socket.Listen();
            return null;
        }
        catch (SocketException failure)
        {
            return failure;
        }
    }

    private static string Remedy(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AccessDenied => "not allowed: ports below 1024 are for who has the right (NET_BIND_SERVICE); choose a higher one",
        SocketError.AddressNotAvailable => "this machine has no such address; leave it out to listen on all of them, as :8080",
        SocketError.AddressAlreadyInUse => "another program listens there; choose another port",
        _ => failure.Message,
    };
}
