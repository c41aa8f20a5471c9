using System.Globalization;
using System.Net;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>Where to listen, written as Go's net/http takes it: <c>:8080</c>, <c>127.0.0.1:0</c>, <c>[::1]:8080</c>. Port 0 picks a free one.</summary>
/// <param name="Address"><c>null</c> means every interface, both families.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    public const string Expectation = "[address]:port, such as :8080 or 127.0.0.1:8080";

    public static ListenAddress? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) return null;
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        if (host.Length == 0) return new ListenAddress(null, port);
        if (host == "localhost") return new ListenAddress(IPAddress.Loopback, port);
        // "::1:8080" would be ambiguous, so IPv6 needs its brackets, as in Go.
        if (host.Contains(':', StringComparison.Ordinal) && host is not ['[', .., ']']) return null;
        return IPAddress.TryParse(host.Trim('[', ']'), out var address) ? new ListenAddress(address, port) : null;
    }

    public override string ToString() => Address is null
        ? $":{Port}"
        : new IPEndPoint(Address, Port).ToString();
}
