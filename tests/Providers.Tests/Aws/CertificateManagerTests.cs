using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.Aws;

public sealed class CertificateManagerTests : IAsyncLifetime
{
    private readonly TestPair pair = new();
    private AwsSetUp set = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => set = await AwsSetUp.MakeAsync();

    public async ValueTask DisposeAsync()
    {
        await set.DisposeAsync();
        pair.Dispose();
    }

    [Fact]
    public async Task A_certificate_is_imported_in_its_parts_with_tags_by_which_it_is_found()
    {
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf + pair.Authority, pair.Key, """{"tags":{"team":"a"}}"""), options => options["prefix"] = "prod/");
        var certificate = set.Aws.Certificates.All.Single();
        Assert.Equal((pair.Leaf, pair.Authority), (certificate.Leaf, certificate.Chain));
        Assert.Equal(("external-secrets", "prod/shop", "a"), (certificate.Tags["managed-by"], certificate.Tags["external-secrets-remote-key"], certificate.Tags["team"]));
        Assert.Equal(["GetResources", "ImportCertificate"], set.Aws.Seen.Select(seen => seen.Operation));
        Assert.Equal([("AWS/CertificateManager", "GetResources", true), ("AWS/CertificateManager", "ImportCertificate", true)], set.Calls.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_the_same_is_not_imported_again_whatever_its_line_ends(bool hasChain)
    {
        var certificates = pair.Leaf + (hasChain ? pair.Authority : "");
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", certificates, pair.Key));
        await source.PushAsync(AwsSetUp.PushPair("shop", "a comment\n" + certificates.ReplaceLineEndings("\r\n"), pair.Key), Stop);
        Assert.Single(set.Aws.Calls("ImportCertificate"));
        Assert.DoesNotContain(set.Aws.Seen, seen => seen.Operation.Contains("Tags", StringComparison.Ordinal) && seen.Operation[0] is 'A' or 'R');
    }

    [Fact]
    public async Task A_renewed_certificate_keeps_its_address()
    {
        using var next = new TestPair();
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key));
        await source.PushAsync(AwsSetUp.PushPair("shop", next.Leaf, next.Key), Stop);
        await source.PushAsync(AwsSetUp.PushPair("shop", next.Leaf, next.Key), Stop);
        Assert.Equal(next.Leaf, set.Aws.Certificates.All.Single().Leaf);
        Assert.Equal(2, set.Aws.Calls("ImportCertificate").Count);
    }

    [Fact]
    public async Task A_chain_that_AWS_shows_with_more_than_it_was_given_is_not_imported_again()
    {
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key));
        set.Aws.Certificates.All.Single().Chain = pair.Authority;
        await source.PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key), Stop);
        Assert.Single(set.Aws.Calls("ImportCertificate"));
        await source.PushAsync(AwsSetUp.PushPair("shop", pair.Leaf + pair.Authority, pair.Key), Stop);
        await source.PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key), Stop);
        Assert.Equal(2, set.Aws.Calls("ImportCertificate").Count);
        Assert.Null(set.Aws.Certificates.All.Single().Chain);
    }

    [Fact]
    public async Task Tags_follow_the_wishes_and_those_of_AWS_stay()
    {
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key, """{"tags":{"team":"a","managed-by":"me"}}"""));
        var certificate = set.Aws.Certificates.All.Single();
        certificate.Tags["aws:cloudformation"] = "x";
        await source.PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key, """{"tags":{"owner":"b"}}"""), Stop);
        Assert.Equal(["aws:cloudformation", "external-secrets-content-hash", "external-secrets-remote-key", "managed-by", "owner"], certificate.Tags.Keys);
        Assert.Equal("external-secrets", certificate.Tags["managed-by"]);
        Assert.Single(set.Aws.Calls("ImportCertificate"));
    }

    [Fact]
    public async Task What_was_just_imported_is_known_before_its_tags_can_be_searched()
    {
        set.Aws.Certificates.TagsLag = true;
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key));
        await source.PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key), Stop);
        Assert.True(await source.ExistsAsync(new("shop", null), Stop));
        await source.DeleteAsync(new("shop", null), Stop);
        Assert.Empty(set.Aws.Certificates.All);
        Assert.False(await source.ExistsAsync(new("shop", null), Stop));
        await source.PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key), Stop);
        Assert.Single(set.Aws.Certificates.All);
    }

    [Fact]
    public async Task Every_certificate_of_a_key_goes_when_it_is_taken_back_and_nobody_elses()
    {
        for (var i = 0; i < 3; i++) set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null, ("managed-by", "external-secrets"), ("external-secrets-remote-key", "shop"));
        var theirs = set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null, ("external-secrets-remote-key", "shop"));
        await using var source = (IPush)await set.OpenCertificatesAsync();
        await source.DeleteAsync(new("shop", "any"), Stop);
        Assert.Equal([theirs], set.Aws.Certificates.All);
        await source.DeleteAsync(new("shop", null), Stop);
        Assert.False(await source.ExistsAsync(new("shop", null), Stop));
    }

    [Fact]
    public async Task A_certificate_that_is_in_use_stays_and_the_failure_says_so()
    {
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key));
        set.Aws.Certificates.All.Single().IsInUse = true;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.DeleteAsync(new("shop", null), Stop));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        Assert.Contains("is in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_certificate_with_its_key_is_refused_without_a_call_and_without_a_word_of_it()
    {
        using var other = new TestPair();
        await using var source = (IPush)await set.OpenCertificatesAsync();
        (PushRequest Request, string Expected)[] wrong =
        [
            (AwsSetUp.Push("shop", null, "hunter2"), "secretKey must be empty"),
            (AwsSetUp.Push("shop", null, "hunter2") with { SecretKey = null }, "the Secret has no tls.crt"),
            (AwsSetUp.PushPair("shop", "hunter2", pair.Key), "tls.crt holds no certificate"),
            (AwsSetUp.PushPair("shop", "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----", pair.Key), "tls.key is not the private key"),
            (AwsSetUp.PushPair("shop", pair.Leaf, "hunter2"), "tls.key is not the private key"),
            (AwsSetUp.PushPair("shop", pair.Leaf, other.Key), "tls.key is not the private key"),
            (AwsSetUp.PushPair("shop|*", pair.Leaf, pair.Key), "cannot be the value of a tag"),
            (AwsSetUp.PushPair(new string('a', 257), pair.Leaf, pair.Key), "cannot be the value of a tag"),
            (AwsSetUp.PushPair("shop", pair.Leaf, pair.Key, """{"kmsKeyId":"x"}"""), "unable to parse metadata"),
        ];
        foreach (var (request, expected) in wrong)
        {
            var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(request, Stop));
            Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        }
        Assert.Empty(set.Aws.Seen);
    }

    [Fact]
    public async Task A_certificate_is_read_with_its_chain_and_its_key_in_clear()
    {
        var certificate = set.Aws.Certificates.Issue(pair.Private, pair.Leaf, pair.Authority);
        await using var source = await set.OpenCertificatesAsync(options => options["prefix"] = "prod/");
        Assert.Equal(pair.Leaf + pair.Authority + pair.Key, await source.TextAsync(new(certificate.Arn)));
        Assert.Equal(pair.Leaf + pair.Authority, await source.TextAsync(new(certificate.Arn, "tls.crt")));
        Assert.Equal(pair.Key, await source.TextAsync(new(certificate.Arn, "tls.key")));
        using var secret = await source.FetchAsync(source.RequestFor(new(certificate.Arn)), Stop);
        using var values = secret!.Values(null);
        Assert.Equal([$"tls.crt={pair.Leaf}{pair.Authority}", $"tls.key={pair.Key}"], values!.Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value)}"));
        Assert.Equal(ProviderFailureKind.Invalid, Assert.Throws<ProviderException>(() => secret.Value("ca.crt")).Kind);
        Assert.Equal(ProviderFailureKind.Invalid, Assert.Throws<ProviderException>(() => secret.Values("tls.crt")).Kind);
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Value(null));
    }

    [Fact]
    public async Task A_key_of_RSA_is_read_too()
    {
        using var key = RSA.Create(2048);
        var certificate = set.Aws.Certificates.Issue(key, pair.Leaf, null);
        await using var source = await set.OpenCertificatesAsync();
        using var read = RSA.Create();
        read.ImportFromPem(await source.TextAsync(new(certificate.Arn, "tls.key")));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), read.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task It_is_exported_once_until_it_is_renewed_each_time_under_another_passphrase()
    {
        using var next = new TestPair();
        var certificate = set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null);
        await using var source = await set.OpenCertificatesAsync();
        for (var i = 0; i < 3; i++) Assert.Equal(pair.Key, await source.TextAsync(new(certificate.Arn, "tls.key")));
        Assert.Single(set.Aws.Calls("ExportCertificate"));
        (certificate.Leaf, certificate.Key, certificate.Serial) = (next.Leaf, next.Private, "renewed");
        Assert.Equal(next.Key, await source.TextAsync(new(certificate.Arn, "tls.key")));
        var passphrases = set.Aws.Calls("ExportCertificate").Select(call => (string?)JsonNode.Parse(call)!["Passphrase"]).ToList();
        Assert.Equal(2, passphrases.Distinct().Count());
        Assert.All(passphrases, passphrase => Assert.Matches("^[a-zA-Z0-9]{32}$", Encoding.ASCII.GetString(Convert.FromBase64String(passphrase!))));
    }

    [Fact]
    public async Task A_certificate_is_found_by_its_tag_unless_several_have_it()
    {
        set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null, ("external-secrets-remote-key", "prod/shop"));
        await using var source = await set.OpenCertificatesAsync(options => options["prefix"] = "prod/");
        Assert.Equal(pair.Key, await source.TextAsync(new("shop", "tls.key")));
        set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null, ("external-secrets-remote-key", "prod/shop"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("shop")));
        Assert.Contains("2 certificates have the tag", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_missing()
    {
        await using var source = await set.OpenCertificatesAsync();
        Assert.Null(await source.TextAsync(new("absent")));
        Assert.Null(await source.TextAsync(new("arn:aws:acm:eu-west-1:123456789012:certificate/absent")));
        Assert.Null(await source.TextAsync(new("arn:aws:acm:eu-west-1:123456789012:certificate/absent", FetchMetadata: true)));
    }

    [Fact]
    public async Task One_that_may_not_be_exported_says_why()
    {
        await using var source = await PushAsync(AwsSetUp.PushPair("shop", pair.Leaf, pair.Key));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ((ISecretSource)source).TextAsync(new("shop")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("cannot be exported", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AccessDeniedException", ProviderFailureKind.Denied)]
    [InlineData("ThrottlingException", ProviderFailureKind.Throttled)]
    [InlineData("RequestInProgressException", ProviderFailureKind.Conflict)]
    [InlineData("InvalidArnException", ProviderFailureKind.Invalid)]
    [InlineData("ServiceUnavailable", ProviderFailureKind.Unavailable)]
    public async Task A_failure_is_known_by_its_code(string code, ProviderFailureKind kind)
    {
        var certificate = set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null);
        set.Aws.Refuse = seen => seen.Operation == "ExportCertificate" ? new AwsSimulatedException(code) : null;
        await using var source = await set.OpenCertificatesAsync();
        Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new(certificate.Arn)))).Kind);
    }

    [Theory]
    [InlineData("not PEM")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\naHVudGVyMg==\n-----END ENCRYPTED PRIVATE KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----")]
    public void What_is_no_key_under_a_passphrase_does_not_open(string pem) => Assert.Null(Providers.Aws.CertificateManager.EncryptedKey.Open(Encoding.ASCII.GetBytes(pem), "x"u8));

    [Fact]
    public void Another_passphrase_and_one_that_is_hashed_without_end_do_not_open_a_key()
    {
        var der = pair.Private.ExportEncryptedPkcs8PrivateKey("right"u8, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 0x10000));
        Assert.Equal(pair.Key, Encoding.ASCII.GetString(Open(der, "right"u8)!));
        Assert.Null(Open(der, "wrong"u8));
        // The number of times, as it is written in there, is made eight millions.
        der[der.AsSpan().IndexOf<byte>([0x02, 0x03, 0x01, 0x00, 0x00]) + 2] = 0x7f;
        Assert.Null(Open(der, "right"u8));
    }

    [Fact]
    public async Task Metadata_are_the_tags_and_a_search_there_is_not()
    {
        var certificate = set.Aws.Certificates.Issue(pair.Private, pair.Leaf, null, ("owner", "payments"));
        await using var source = await set.OpenCertificatesAsync();
        Assert.Equal("payments", await source.TextAsync(new(certificate.Arn, "owner", FetchMetadata: true)));
        Assert.IsNotAssignableFrom<IFind>(source);
        Assert.Equal(StoreValidityKind.Valid, (await ((IValidate)source).ValidateAsync(Stop)).Kind);
    }

    private static byte[]? Open(byte[] der, ReadOnlySpan<byte> passphrase) => Providers.Aws.CertificateManager.EncryptedKey.Open(Encoding.ASCII.GetBytes(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", der)), passphrase);

    private async Task<IPush> PushAsync(PushRequest request, Action<JsonObject>? change = null)
    {
        var source = (IPush)await set.OpenCertificatesAsync(change);
        await source.PushAsync(request, Stop);
        return source;
    }
}
