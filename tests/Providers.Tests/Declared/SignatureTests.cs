using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Declared.Signing;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>What is signed, in each vendor's form: the text as its documentation has it, and a signature that fits it.</summary>
public sealed class SignatureTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly RSA key = RSA.Create(2048);

    public void Dispose() => key.Dispose();

    [Fact]
    public void Oracles_signature_of_a_read_is_over_its_time_its_target_and_its_host()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://vaults.eu-frankfurt-1.oci.oraclecloud.com/20180608/secrets?vaultId=v%3A1&page=2");
        new OracleSignature().Sign(request, [], new Dictionary<string, string> { ["keyId"] = "t/u/f", ["key"] = key.ExportPkcs8PrivateKeyPem() }, Now);
        Assert.Equal("Thu, 01 Jan 2026 00:00:00 GMT", request.Headers.GetValues("Date").Single());
        Fits(
            request.Headers.GetValues("Authorization").Single(),
            "Signature version=\"1\",keyId=\"t/u/f\",algorithm=\"rsa-sha256\",headers=\"date (request-target) host\",signature=\"",
            "date: Thu, 01 Jan 2026 00:00:00 GMT\n(request-target): get /20180608/secrets?vaultId=v%3A1&page=2\nhost: vaults.eu-frankfurt-1.oci.oraclecloud.com");
        Assert.Null(request.Content);
    }

    [Theory]
    [InlineData("{}", "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=")]
    [InlineData("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    public void Oracles_signature_of_a_write_is_over_its_body_too(string body, string hash)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://vaults.example/20180608/secrets");
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        new OracleSignature().Sign(request, Encoding.UTF8.GetBytes(body), new Dictionary<string, string> { ["keyId"] = "t/u/f", ["key"] = key.ExportRSAPrivateKeyPem() }, Now);
        Assert.Equal(hash, request.Headers.GetValues("x-content-sha256").Single());
        Fits(
            request.Headers.GetValues("Authorization").Single(),
            "Signature version=\"1\",keyId=\"t/u/f\",algorithm=\"rsa-sha256\",headers=\"date (request-target) host content-length content-type x-content-sha256\",signature=\"",
            $"date: Thu, 01 Jan 2026 00:00:00 GMT\n(request-target): post /20180608/secrets\nhost: vaults.example\ncontent-length: {body.Length}\ncontent-type: application/json\nx-content-sha256: {hash}");
    }

    /// <summary>The expected signature was made by another program, from the vendor's page.</summary>
    [Theory]
    [InlineData(null, "HMAC-SHA256 Credential=AKNOTAKEY/20260101/cn-beijing/kms/request, SignedHeaders=content-type;host;x-content-sha256;x-date, Signature=f81b20c9b2e20eb1403ce0802a72fa196736247f4f72615732ad76a4fe48bb57")]
    [InlineData("not-a-token", "HMAC-SHA256 Credential=AKNOTAKEY/20260101/cn-beijing/kms/request, SignedHeaders=content-type;host;x-content-sha256;x-date;x-security-token, Signature=9b406ce21dfeb58ef3e94c2126e4e7e2574d149cd85e62e8a7cd662a3cc609c3")]
    public void Volcengines_signature_is_the_one_of_another_program(string? token, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://kms.cn-beijing.volcengineapi.com/?Version=2021-02-18&Action=GetSecretValue");
        const string Body = """{"SecretName":"db"}""";
        request.Content = new StringContent(Body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        var with = new Dictionary<string, string> { ["id"] = "AKNOTAKEY", ["key"] = "not-a-secret-key", ["region"] = "cn-beijing", ["service"] = "kms" };
        if (token is not null) with["token"] = token;
        new VolcengineSignature().Sign(request, Encoding.UTF8.GetBytes(Body), with, Now);
        Assert.Equal(authorization, request.Headers.GetValues("Authorization").Single());
        Assert.Equal("20260101T000000Z", request.Headers.GetValues("x-date").Single());
        Assert.Equal(token is not null, request.Headers.Contains("x-security-token"));
    }

    [Fact]
    public void Chefs_signature_is_over_seven_lines_and_in_headers_of_sixty_characters()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://chef.example/organizations/acme/data/team/db?x=1");
        new ChefSignature().Sign(request, [], new Dictionary<string, string> { ["user"] = "app", ["key"] = key.ExportRSAPrivateKeyPem() }, Now);
        const string Hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        Assert.Equal("version=1.3", request.Headers.GetValues("X-Ops-Sign").Single());
        Assert.Equal(Hash, request.Headers.GetValues("X-Ops-Content-Hash").Single());
        var lines = Enumerable.Range(1, 9).Select(number => $"X-Ops-Authorization-{number}").Where(request.Headers.Contains).Select(name => request.Headers.GetValues(name).Single()).ToList();
        Assert.Equal([60, 60, 60, 60, 60, 44], lines.Select(line => line.Length));
        Fits(
            string.Concat(lines) + "\"",
            "",
            $"Method:GET\nPath:/organizations/acme/data/team/db\nX-Ops-Content-Hash:{Hash}\nX-Ops-Sign:version=1.3\nX-Ops-Timestamp:2026-01-01T00:00:00Z\nX-Ops-UserId:app\nX-Ops-Server-API-Version:1");
    }

    [Fact]
    public void A_key_that_is_none_is_told_without_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://chef.example/");
        var failure = Assert.Throws<ProviderException>(() => new ChefSignature().Sign(request, [], new Dictionary<string, string> { ["user"] = "app", ["key"] = "not-a-key" }, Now));
        Assert.Equal("the private key to sign with is no RSA key in PEM", failure.Message);
    }

    /// <param name="header">The start, the signature in base64, a quotation mark.</param>
    private void Fits(string header, string start, string text)
    {
        Assert.StartsWith(start, header, StringComparison.Ordinal);
        var signature = Convert.FromBase64String(header[start.Length..^1]);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
