using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External.Admission;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

public sealed class AdmissionCertificateTests
{
    private static readonly string[] Names = ["hook.system.svc", "hook"];
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void It_is_signed_by_its_authority_for_its_names()
    {
        var made = AdmissionCertificate.Make(Names, Now, former: null);
        using var certificate = X509Certificate2.CreateFromPem(made.Certificate, made.Key);
        Assert.All(Names, name => Assert.True(certificate.MatchesHostname(name)));
        Assert.False(certificate.MatchesHostname("other.system.svc"));
        Assert.True(Trusts(made.Authorities, made.Certificate, Now));
        Assert.True(Trusts(made.Authorities, made.Certificate, Now.AddDays(364)));
        Assert.False(Trusts(made.Authorities, made.Certificate, Now.AddDays(366)));
        Assert.DoesNotContain("PRIVATE", made.Authorities + made.Certificate + made, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_one_brings_the_authority_of_the_one_before_and_no_older_one()
    {
        var first = AdmissionCertificate.Make(Names, Now, former: null);
        var second = AdmissionCertificate.Make(Names, Now.AddDays(300), first);
        var third = AdmissionCertificate.Make(Names, Now.AddDays(310), second);
        Assert.True(Trusts(second.Authorities, first.Certificate, Now.AddDays(300)));
        Assert.True(Trusts(second.Authorities, second.Certificate, Now.AddDays(300)));
        Assert.True(Trusts(third.Authorities, second.Certificate, Now.AddDays(310)));
        Assert.False(Trusts(third.Authorities, first.Certificate, Now.AddDays(310)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("fd00::1")]
    public void One_for_an_address_is_found_to_be_that(string address)
    {
        string[] names = [.. Names, address];
        var made = AdmissionCertificate.Make(names, Now, former: null);
        Assert.NotNull(AdmissionCertificate.Read(new Secret { Data = made.ToData() }, out _, names, Now));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(274, true)]
    [InlineData(276, false)]
    [InlineData(-1, false)]
    public void It_is_replaced_ninety_days_before_its_end(int days, bool isGood)
    {
        var secret = new Secret { Data = AdmissionCertificate.Make(Names, Now, former: null).ToData() };
        Assert.Equal(isGood, AdmissionCertificate.Read(secret, out var former, Names, Now.AddDays(days)) is not null);
        Assert.NotNull(former);
    }

    [Fact]
    public void One_for_other_names_is_replaced() =>
        Assert.Null(AdmissionCertificate.Read(new Secret { Data = AdmissionCertificate.Make(["old"], Now, former: null).ToData() }, out _, Names, Now));

    [Theory]
    [InlineData("tls.crt", "")]
    [InlineData("tls.crt", "nonsense")]
    [InlineData("tls.key", "nonsense")]
    [InlineData("ca.crt", "nonsense")]
    public void Nonsense_is_replaced(string item, string text)
    {
        var data = AdmissionCertificate.Make(Names, Now, former: null).ToData();
        data[item] = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Null(AdmissionCertificate.Read(new Secret { Data = data }, out var former, Names, Now));
        Assert.Null(former);
    }

    [Fact]
    public void One_with_the_key_of_another_is_replaced()
    {
        var data = AdmissionCertificate.Make(Names, Now, former: null).ToData();
        data["tls.key"] = AdmissionCertificate.Make(Names, Now, former: null).ToData()["tls.key"];
        Assert.Null(AdmissionCertificate.Read(new Secret { Data = data }, out _, Names, Now));
    }

    private static bool Trusts(string authorities, string certificatePem, DateTimeOffset when)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = when.UtcDateTime;
        return chain.Build(certificate);
    }
}
