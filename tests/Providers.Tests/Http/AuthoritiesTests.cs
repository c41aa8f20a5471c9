using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Http;

public sealed class AuthoritiesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_bundle_is_base64_once_or_twice(int times)
    {
        using var certificates = new TestCertificates();
        var bundle = certificates.Pem;
        for (var i = 0; i < times; i++) bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(bundle));
        var authorities = await Authorities.ReadAsync(bundle, null, new MemoryCluster("ns"), Cancellation);
        Assert.StartsWith("CN=test authority ", Assert.Single(authorities!).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_names_a_Secret_or_a_ConfigMap()
    {
        using var certificates = new TestCertificates();
        var cluster = new MemoryCluster("ns");
        cluster.Put("ns", "authority", "ca.crt", certificates.Pem);
        cluster.PutConfigMap("ns", "bundle", "my.crt", certificates.Pem);
        var fromSecret = await Authorities.ReadAsync(null, new CaProvider { Type = "Secret", Name = "authority", Namespace = "ns" }, cluster, Cancellation);
        var fromMap = await Authorities.ReadAsync("", new CaProvider { Type = "ConfigMap", Name = "bundle", Key = "my.crt", Namespace = "ns" }, cluster, Cancellation);
        Assert.Single(fromSecret!);
        Assert.Single(fromMap!);
        Assert.Null(await Authorities.ReadAsync(null, null, cluster, Cancellation));
    }

    [Theory]
    [InlineData("!!!")]
    [InlineData("aGVsbG8=")]
    [InlineData("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmdhcmJhZ2UKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=")]
    public async Task What_is_no_certificate_is_refused(string bundle)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Authorities.ReadAsync(bundle, null, new MemoryCluster("ns"), Cancellation));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }
}
