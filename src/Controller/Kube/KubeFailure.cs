using System.Globalization;
using System.Net.Sockets;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Puts a failure into words for the log: types, codes and reasons, never messages of others, which may carry what must not be logged.</summary>
internal static class KubeFailure
{
    public static string Describe(Exception exception) => exception switch
    {
        // A right that is missing is told by who wants it; of lists it is told elsewhere.
        KubeApiException { IsForbidden: true, Resource: { } resource, Verb: not "read" and var verb } => $"API server: 403 Forbidden to {verb} {resource}",
        KubeApiException api => string.Create(CultureInfo.InvariantCulture, $"API server: {api.Code} {api.Reason}"),
        KubeTransportException transport => transport.Message,
        _ => exception.GetType().Name,
    };

    /// <summary>Why no answer came.</summary>
    /// <param name="distrust">What was wrong with the server's certificate, if anything.</param>
    public static string Cause(Exception failure, string? distrust) => (failure as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the name cannot be resolved",
        HttpRequestError.SecureConnectionError => distrust ?? "no TLS connection comes about; does it speak HTTPS there, and TLS 1.2 or later?",
        HttpRequestError.ProxyTunnelError => "the proxy does not let it through",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "what it answers is not HTTP as it should be",
        _ => failure.GetBaseException() switch
        {
            SocketException socket => Cause(socket.SocketErrorCode),
            OperationCanceledException or TimeoutException => string.Create(CultureInfo.InvariantCulture, $"no connection came about within {KubeConnection.ConnectTimeout.TotalSeconds} s"),
            IOException => "the connection broke off",
            var root => root.GetType().Name,
        },
    };

    private static string Cause(SocketError code) => code switch
    {
        SocketError.ConnectionRefused => "connection refused: nothing listens there",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => "there is no route to it",
        SocketError.TimedOut => "no connection came about in time",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the connection broke off",
        _ => code.ToString(),
    };
}
