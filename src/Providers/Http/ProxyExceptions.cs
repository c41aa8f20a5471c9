using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GitOpsSecrets.Providers.Http;

/// <summary>
/// What is not reached through a proxy: a list with commas of <c>*</c> for all, addresses, networks (<c>10.96.0.0/12</c>), and domains, each of which but networks may have a
/// port. <c>name.org</c> is that host and all below it; <c>.name.org</c> and <c>*.name.org</c> are those below it alone.
/// </summary>
internal sealed class ProxyExceptions
{
    private readonly bool everything;
    private readonly List<IPNetwork> networks = [];
    private readonly List<(IPAddress Address, string Port)> addresses = [];
    private readonly List<(string Suffix, bool WithItself, string Port)> domains = [];

    public ProxyExceptions(string? list)
    {
        foreach (var entry in (list ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry == "*") everything = true;
            else Add(entry);
        }
    }

    /// <param name="host">A name, or an address without brackets.</param>
    public bool Contains(string host, int port)
    {
        if (everything) return true;
        host = host.ToLowerInvariant();
        if (host == "localhost") return true;
        var (at, address) = (port.ToString(CultureInfo.InvariantCulture), Parse(host));
        return (address is not null && IPAddress.IsLoopback(address))
            || (address is not null && (networks.Exists(network => network.Contains(address)) || addresses.Exists(known => known.Address.Equals(address) && (known.Port.Length == 0 || known.Port == at))))
            || domains.Exists(domain => (host.EndsWith(domain.Suffix, StringComparison.Ordinal) || (domain.WithItself && host == domain.Suffix[1..])) && (domain.Port.Length == 0 || domain.Port == at));
    }

    private void Add(string entry)
    {
        if (Network(entry) is { } network)
        {
            networks.Add(network);
            return;
        }
        var (host, port) = Split(entry);
        if (Parse(host) is { } address) addresses.Add((address, port));
        else if (host.Length > 0) AddDomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host, port);
    }

    private void AddDomain(string domain, string port)
    {
        var isBelow = domain[0] == '.';
        var ascii = Ascii(isBelow ? domain[1..] : domain);
        domains.Add(("." + ascii, !isBelow, port));
    }

    /// <summary>10.1.2.3/8 is 10.0.0.0/8 to Go, and an error to <see cref="IPNetwork"/>.</summary>
    private static IPNetwork? Network(string entry)
    {
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Parse(entry[..slash]) is not { } address || !int.TryParse(entry[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return null;
        var bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8) return null;
        for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)(0xFF - (0x80 >> (bit % 8)));
        return new IPNetwork(new IPAddress(bytes), length);
    }

    /// <summary><c>host:port</c>, <c>[address]:port</c>, or a host alone; an IPv6 address without brackets has no port.</summary>
    private static (string Host, string Port) Split(string entry)
    {
        var colon = entry.LastIndexOf(':');
        if (entry.StartsWith('['))
        {
            var end = entry.IndexOf(']', StringComparison.Ordinal);
            return end < 0 ? ("", "") : (entry[1..end], colon > end ? entry[(colon + 1)..] : "");
        }
        return colon < 0 || entry.IndexOf(':', StringComparison.Ordinal) != colon ? (entry, "") : (entry[..colon], entry[(colon + 1)..]);
    }

    /// <summary>An IPv4 address is the same written as IPv6. What .NET takes for one and Go does not, "10" say, is a name.</summary>
    private static IPAddress? Parse(string host)
    {
        if (!IPAddress.TryParse(host, out var address)) return null;
        if (address.AddressFamily == AddressFamily.InterNetwork && host.AsSpan().Count('.') != 3) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static string Ascii(string domain)
    {
        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }
}
