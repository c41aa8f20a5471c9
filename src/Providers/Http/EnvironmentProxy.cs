using System.Net;

namespace GitOpsSecrets.Providers.Http;

/// <summary>
/// The proxies that the environment names, read as programs in Go read it (golang.org/x/net/http/httpproxy), because that is what clusters set it for: <c>HTTPS_PROXY</c>,
/// <c>HTTP_PROXY</c> and <c>NO_PROXY</c>, then the same in small letters. This machine itself is never reached through one. .NET's own reading knows neither networks nor
/// ports nor <c>*</c> in <c>NO_PROXY</c>.
/// </summary>
/// <param name="variable">Gives a variable's value. Read when the first address is asked for.</param>
public sealed class EnvironmentProxy(Func<string, string?> variable) : IWebProxy, ICredentials
{
    private Settings? _read;

    /// <summary>Name and password out of the proxy's own address; they can be set nowhere else.</summary>
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    private Settings Read => _read ??= new(Address(Any(variable, "HTTP_PROXY")), Address(Any(variable, "HTTPS_PROXY")), new ProxyExceptions(Any(variable, "NO_PROXY")));

    /// <summary>Has all clients of this process that are not given another one use these proxies.</summary>
    public static void Use(Func<string, string?> variable) => HttpClient.DefaultProxy = new EnvironmentProxy(variable);

    /// <summary>For an error about not reaching <paramref name="destination"/>: <c> through the proxy host:port</c>, or nothing.</summary>
    public static string Through(Uri destination) => HttpClient.DefaultProxy.GetProxy(destination) is { } proxy && proxy != destination ? $" through the proxy {proxy.IdnHost}:{proxy.Port}" : "";

    /// <summary>Without name and password.</summary>
    public Uri? GetProxy(Uri destination) => Chosen(destination) is { } proxy ? new UriBuilder(proxy) { UserName = "", Password = "" }.Uri : null;

    public bool IsBypassed(Uri host) => Chosen(host) is null;

    NetworkCredential? ICredentials.GetCredential(Uri uri, string authType)
    {
        var proxy = new[] { Read.Https, Read.Http }.FirstOrDefault(proxy => proxy?.UserInfo.Length > 0 && proxy.IdnHost == uri.IdnHost && proxy.Port == uri.Port);
        if (proxy is null) return null;
        var colon = proxy.UserInfo.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new NetworkCredential(Uri.UnescapeDataString(proxy.UserInfo), "")
            : new NetworkCredential(Uri.UnescapeDataString(proxy.UserInfo[..colon]), Uri.UnescapeDataString(proxy.UserInfo[(colon + 1)..]));
    }

    private Uri? Chosen(Uri destination)
    {
        var proxy = destination.Scheme switch { "https" or "wss" => Read.Https, "http" or "ws" => Read.Http, _ => null };
        return proxy is null || Read.Except.Contains(destination.IdnHost, destination.Port) ? null : proxy;
    }

    private static string? Any(Func<string, string?> variable, string name) =>
#pragma warning disable CA1308 // That is how the variables are called.
        variable(name) is { Length: > 0 } value ? value : variable(name.ToLowerInvariant());
#pragma warning restore CA1308

    /// <summary>What has no scheme is <c>http://</c>; what cannot be read is no proxy.</summary>
    private static Uri? Address(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (!(Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address.Host.Length > 0) && !Uri.TryCreate("http://" + text.Trim(), UriKind.Absolute, out address)) return null;
        // .NET leaves names to the proxy under both.
        return address.Scheme == "socks5h" ? new UriBuilder(address) { Scheme = "socks5" }.Uri : address;
    }

    private sealed record Settings(Uri? Http, Uri? Https, ProxyExceptions Except);
}
