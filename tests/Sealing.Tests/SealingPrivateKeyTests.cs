using System.Security.Cryptography;
using GitOpsSecrets.Sealing.Tests.Vectors;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class SealingPrivateKeyTests
{
    [Theory]
    [InlineData("main.key")] // PKCS#8
    [InlineData("small.key")] // PKCS#1
    public void Both_encodings_of_an_RSA_key_load(string file)
    {
        Assert.True(SealingPrivateKey.TryLoad(VectorSet.KeyFile(file), out var key, out _));
        Assert.Equal($"private key {key.Fingerprint}", key.ToString());
        key.Dispose();
    }

    [Fact]
    public void An_elliptic_key_is_unsupported_in_either_encoding()
    {
        AssertRefused(VectorSet.KeyFile("ec.key"), SealingFailureKind.UnsupportedKey);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AssertRefused(ec.ExportPkcs8PrivateKeyPem(), SealingFailureKind.UnsupportedKey);
    }

    [Fact]
    public void An_encrypted_key_is_unsupported()
    {
        using var rsa = RSA.Create(1024);
        var pem = rsa.ExportEncryptedPkcs8PrivateKeyPem("password", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));
        AssertRefused(pem, SealingFailureKind.UnsupportedKey);
    }

    [Fact]
    public void A_small_key_is_unsupported()
    {
        using var rsa = RSA.Create(512);
        AssertRefused(rsa.ExportRSAPrivateKeyPem(), SealingFailureKind.UnsupportedKey);
    }

    [Theory]
    [InlineData("", SealingFailureKind.NoPrivateKey)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", SealingFailureKind.Malformed)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMAMCAQA=\n-----END RSA PRIVATE KEY-----\n", SealingFailureKind.Malformed)]
    public void What_is_no_key_is_refused(string pem, SealingFailureKind kind) => AssertRefused(pem, kind);

    [Fact]
    public void A_certificate_alone_is_no_private_key() => AssertRefused(VectorSet.KeyFile("main.crt"), SealingFailureKind.NoPrivateKey);

    [Theory]
    [InlineData(Backends.OpenSsl)]
    [InlineData(Backends.BouncyCastle)]
    public void A_cut_key_is_refused_wherever_it_is_cut(string backend)
    {
        using var rsa = RSA.Create(1024);
        var der = rsa.ExportRSAPrivateKey();
        for (var length = 1; length < der.Length; length += 41)
        {
            var pem = PemEncoding.WriteString("RSA PRIVATE KEY", der.AsSpan(0, length));
            Assert.False(SealingPrivateKey.TryLoad(pem, Backends.Of(backend), out _, out var failure));
            Assert.Equal(SealingFailureKind.Malformed, failure.Kind);
        }
    }

    [Theory]
    [InlineData(Backends.OpenSsl)]
    [InlineData(Backends.BouncyCastle)]
    public void Blocks_of_any_content_and_size_are_refused_and_leave_nothing_behind(string backend)
    {
        using var key = VectorSet.PrivateKey("small", Backends.Of(backend));
        foreach (var block in new[] { new byte[256], Enumerable.Repeat((byte)0xFF, 256).ToArray(), new byte[255], new byte[257], [], [.. new byte[255], 1] })
        {
            var message = new byte[256];
            Assert.False(key.TryOpen(block, "label"u8, message, out var written));
            Assert.Equal(0, written);
            Assert.Equal(new byte[256], message);
        }
    }

    [Theory]
    [InlineData(Backends.OpenSsl)]
    [InlineData(Backends.BouncyCastle)]
    public void A_disposed_key_throws(string backend)
    {
        var key = VectorSet.PrivateKey("small", Backends.Of(backend));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.TryOpen(new byte[256], [], new byte[256], out _));
    }

    [Fact]
    public void The_backend_names_itself_with_its_version() =>
        Assert.Matches(OaepBackend.IsOpenSsl ? @"^OpenSSL 3\.\d+\.\d+$" : @"^BouncyCastle \d+\.\d+\.\d+", OaepBackend.Name);

    [Fact]
    public void The_other_backend_knows_its_version_too() => Assert.Matches(@"^\d+\.\d+\.\d+", Sealing.Rsa.BouncyCastleOaep.Version());

    private static void AssertRefused(string pem, SealingFailureKind kind)
    {
        Assert.False(SealingPrivateKey.TryLoad(pem, out var key, out var failure));
        Assert.Null(key);
        Assert.Equal(kind, failure.Kind);
    }
}
