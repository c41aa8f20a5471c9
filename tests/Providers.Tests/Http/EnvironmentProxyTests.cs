using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Http;

/// <summary>The rules are those of golang.org/x/net/http/httpproxy, most of the rows those of its tests.</summary>
public sealed class EnvironmentProxyTests
{
    private const string Proxy = "http://proxy.org:3128/";

    [Theory]
    [InlineData("10.96.0.1", 443, "10.96.0.0/12,127.0.0.0/8", false)]
    [InlineData("10.112.0.1", 443, "10.96.0.0/12,127.0.0.0/8", true)]
    [InlineData("10.96.0.1", 443, "10.96.7.9/12", false)]
    [InlineData("fd00:1::1", 443, "fd00::/8", false)]
    [InlineData("fe80::1", 443, "fd00::/8", true)]
    [InlineData("example.org", 443, "*", false)]
    [InlineData("example.org", 443, "other.org,*", false)]
    [InlineData("10.96.0.1", 6443, "10.96.0.1", false)]
    [InlineData("10.96.0.1", 6443, "10.96.0.1:6443", false)]
    [InlineData("10.96.0.1", 443, "10.96.0.1:6443", true)]
    [InlineData("fd00::1", 6443, "[fd00::1]:6443", false)]
    [InlineData("fd00::1", 443, "[fd00::1]:6443", true)]
    [InlineData("fd00::1", 443, "fd00::1", false)]
    [InlineData("example.org", 443, "example.org", false)]
    [InlineData("a.example.org", 443, "example.org", false)]
    [InlineData("anexample.org", 443, "example.org", true)]
    [InlineData("example.org", 443, ".example.org", true)]
    [InlineData("a.example.org", 443, ".example.org", false)]
    [InlineData("a.b.example.org", 443, "*.example.org", false)]
    [InlineData("example.org", 443, "*.example.org", true)]
    [InlineData("example.org", 443, "example.org:443", false)]
    [InlineData("example.org", 8443, "example.org:443", true)]
    [InlineData("a.example.org", 443, ".example.org:443", false)]
    [InlineData("EXAMPLE.org", 443, " Example.ORG , other.org", false)]
    [InlineData("xn--bcher-kva.org", 443, "bücher.org", false)]
    [InlineData("localhost", 443, "", false)]
    [InlineData("127.0.0.1", 443, "", false)]
    [InlineData("127.4.5.6", 443, "", false)]
    [InlineData("::1", 443, "", false)]
    [InlineData("::ffff:10.96.0.1", 443, "10.96.0.0/12", false)]
    [InlineData("localhost.org", 443, "", true)]
    [InlineData("example.org", 443, "", true)]
    [InlineData("example.org", 443, ",,:443,10.0.0.0/99", true)]
    public void What_is_reached_without_the_proxy(string host, int port, string except, bool throughProxy)
    {
        var proxy = new EnvironmentProxy(Of(("HTTPS_PROXY", Proxy), ("NO_PROXY", except)));
        var destination = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}/api");
        Assert.Equal(throughProxy ? new Uri(Proxy) : null, proxy.GetProxy(destination));
        Assert.Equal(!throughProxy, proxy.IsBypassed(destination));
    }

    [Theory]
    [InlineData("https://a.org/", "http://tls.org:1/")]
    [InlineData("http://a.org/", "http://plain.org:2/")]
    public void The_scheme_chooses_the_proxy(string destination, string expected) =>
        Assert.Equal(new Uri(expected), new EnvironmentProxy(Of(("HTTPS_PROXY", "tls.org:1"), ("HTTP_PROXY", "http://plain.org:2"), ("REQUEST_METHOD", "GET"))).GetProxy(new Uri(destination)));

    [Theory]
    [InlineData("big.org:1", "small.org:1", "http://big.org:1/")]
    [InlineData("", "small.org:1", "http://small.org:1/")]
    [InlineData(null, "https://small.org", "https://small.org/")]
    [InlineData("socks5h://socks.org:1080", null, "socks5://socks.org:1080/")]
    [InlineData(null, null, null)]
    public void Capitals_win_and_what_has_no_scheme_is_http(string? capitals, string? small, string? expected) =>
        Assert.Equal(expected is null ? null : new Uri(expected), new EnvironmentProxy(Of(("HTTPS_PROXY", capitals), ("https_proxy", small))).GetProxy(new Uri("https://a.org")));

    [Fact]
    public void Capitals_of_the_exceptions_win_too()
    {
        Assert.NotNull(new EnvironmentProxy(Of(("HTTPS_PROXY", Proxy), ("NO_PROXY", "b.org"), ("no_proxy", "a.org"))).GetProxy(new Uri("https://a.org")));
        Assert.Null(new EnvironmentProxy(Of(("HTTPS_PROXY", Proxy), ("no_proxy", "a.org:443"))).GetProxy(new Uri("https://a.org")));
    }

    [Fact]
    public void Name_and_password_go_to_the_proxy_alone_and_are_in_no_address()
    {
        var proxy = new EnvironmentProxy(Of(("HTTPS_PROXY", "http://us%40er:p%3Aw@proxy.org:3128"), ("HTTP_PROXY", "http://other.org:1")));
        var address = proxy.GetProxy(new Uri("https://a.org"))!;
        Assert.Equal(new Uri(Proxy), address);
        var given = proxy.Credentials!.GetCredential(address, "Basic")!;
        Assert.Equal(("us@er", "p:w"), (given.UserName, given.Password));
        Assert.Null(proxy.Credentials!.GetCredential(new Uri("http://other.org:1"), "Basic"));
    }

    private static Func<string, string?> Of(params (string Name, string? Value)[] variables) => name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}
