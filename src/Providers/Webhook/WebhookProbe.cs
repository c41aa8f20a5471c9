using System.Net;
using System.Net.Sockets;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>Whether anything listens where the store's URL leads: a connection, and no request, since only the store's author knows which are harmless.</summary>
internal sealed class WebhookProbe(string url, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken)
    {
        if (Host(url) is not { } address) return StoreValidity.Unknown("the host of the URL is known only when a secret is asked for");
        if (HttpClient.DefaultProxy.GetProxy(address) is { } proxy && proxy != address) return StoreValidity.Unknown("the URL is reached through a proxy, which is not tried");
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var place = $"{address.IdnHost}:{address.Port}";
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address.IdnHost, both.Token).ConfigureAwait(false);
            if (addresses.Any(GuardedAddresses.Contains)) return StoreValidity.Unknown($"{place} is a link-local or metadata address, which is not tried");
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(addresses, address.Port, both.Token).ConfigureAwait(false);
            return StoreValidity.Valid;
        }
        catch (SocketException failure)
        {
            return StoreValidity.Invalid($"{place} cannot be reached ({failure.SocketErrorCode})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return StoreValidity.Invalid($"{place} does not answer within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>The address up to its path; null when a template has a say in that.</summary>
    private static Uri? Host(string url)
    {
        var template = url.IndexOf("{{", StringComparison.Ordinal);
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return null;
        var end = url.AsSpan(start + 3).IndexOfAny('/', '?', '#');
        end = end < 0 ? url.Length : start + 3 + end;
        return (template < 0 || template >= end) && WebhookTemplates.TryAddress(url[..end], out var address) ? address : null;
    }
}
