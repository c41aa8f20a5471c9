using GitOpsSecrets.Sealing.Tests.Vectors;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class SealingCertificateTests
{
    /// <summary>Printed by <c>ssh-keygen -l</c> for the public key of the certificate.</summary>
    private const string MainFingerprint = "SHA256:yXEGjK++mJuZYzZ988OsVWhXDkCy8FWafz39ayW60GA";

    [Fact]
    public void The_fingerprint_is_what_ssh_keygen_prints_and_the_key_has_the_same()
    {
        var certificate = VectorSet.Certificate("main");
        using var key = VectorSet.PrivateKey("main");
        Assert.Equal((MainFingerprint, 4096), (certificate.Fingerprint, certificate.KeyBits));
        Assert.Equal((MainFingerprint, 4096), (key.Fingerprint, key.KeyBits));
    }

    [Fact]
    public void The_first_certificate_of_a_file_counts_and_what_surrounds_it_does_not()
    {
        var pem = "text before\n" + VectorSet.KeyFile("other.key") + VectorSet.KeyFile("small.crt") + VectorSet.KeyFile("main.crt");
        Assert.True(SealingCertificate.TryLoad(pem, out var certificate, out _));
        Assert.Equal(VectorSet.Certificate("small").Fingerprint, certificate.Fingerprint);
        Assert.Equal(VectorSet.KeyFile("small.crt"), certificate.Pem);
    }

    [Theory]
    [InlineData("", SealingFailureKind.NoCertificate)]
    [InlineData("garbage", SealingFailureKind.NoCertificate)]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", SealingFailureKind.Malformed)]
    [InlineData("-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", SealingFailureKind.Malformed)]
    [InlineData("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", SealingFailureKind.NoCertificate)]
    public void What_is_no_certificate_is_refused(string pem, SealingFailureKind kind)
    {
        Assert.False(SealingCertificate.TryLoad(pem, out var certificate, out var failure));
        Assert.Null(certificate);
        Assert.Equal(kind, failure.Kind);
    }

    [Fact]
    public void A_cut_certificate_is_malformed_wherever_it_is_cut()
    {
        var der = Convert.FromBase64String(string.Concat(VectorSet.KeyFile("small.crt").Split('\n').Where(line => !line.StartsWith('-'))));
        for (var length = 1; length < der.Length; length += 7)
        {
            var pem = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", der.AsSpan(0, length));
            Assert.False(SealingCertificate.TryLoad(pem, out _, out var failure));
            Assert.Equal(SealingFailureKind.Malformed, failure.Kind);
        }
    }

    [Fact]
    public void Expiry_is_judged_by_the_time_given()
    {
        var certificate = VectorSet.Certificate("expired");
        Assert.Null(certificate.CheckExpiry(certificate.NotAfter));
        Assert.Equal("failed to encrypt using an expired certificate on March 4, 2020", certificate.CheckExpiry(certificate.NotAfter.AddTicks(1))?.Message);
    }

    [Fact]
    public void A_certificate_of_another_key_is_refused()
    {
        using var key = VectorSet.PrivateKey("small");
        Assert.False(SealingKey.TryCreate(key, VectorSet.Certificate("main"), null, out _, out var failure));
        Assert.Equal(SealingFailureKind.MismatchedCertificate, failure.Kind);
    }
}
