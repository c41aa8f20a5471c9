using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Azure;

public sealed class AzurePushTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pushed_secret_is_marked_and_has_what_its_metadata_says()
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, "app", "value", """{"expirationDate":"2027-01-01T00:00:00Z","contentType":"text/plain","tags":{"team":"x"}}""");
        var pushed = set.Azure.Read("secrets/app")!;
        Assert.Equal(("value", "text/plain", 1_798_761_600), (pushed["value"]!.GetValue<string>(), pushed["contentType"]!.GetValue<string>(), pushed["attributes"]!["exp"]!.GetValue<int>()));
        Assert.Equal("""{"managed-by":"external-secrets","team":"x"}""", pushed["tags"]!.ToJsonString());
    }

    [Theory]
    [InlineData("value", "{}", "{}", 1)]
    [InlineData("other", "{}", "{}", 2)]
    [InlineData("value", "{}", """{"expirationDate":"2027-01-01T00:00:00Z"}""", 2)]
    [InlineData("value", "{}", """{"tags":{"a":"b"}}""", 2)]
    [InlineData("value", "{}", """{"contentType":"text/plain"}""", 2)]
    [InlineData("value", """{"contentType":"text/plain"}""", "{}", 1)]
    [InlineData("value", """{"tags":{"a":"b"}}""", """{"tags":{"a":"b"}}""", 1)]
    public async Task Nothing_is_written_where_nothing_changed(string second, string firstWishes, string secondWishes, int writes)
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, "app", "value", firstWishes);
        await PushAsync(source, "app", second, secondWishes);
        Assert.Equal(writes, set.Azure.Seen.Count(request => request.Method == "PUT"));
    }

    [Theory]
    [InlineData("secrets/app", "app", """{"value":"theirs"}""")]
    [InlineData("keys/app", "key/app", """{"key":{"kty":"RSA"}}""")]
    [InlineData("certificates/app", "cert/app", """{"cer":"AQID"}""")]
    public async Task What_somebody_else_wrote_is_neither_overwritten_nor_deleted(string place, string key, string content)
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.Put(place, JsonNode.Parse(content)!.AsObject());
        await using var source = (IPush)await set.OpenAsync();
        using var certificates = new TestCertificates();
        var value = key.StartsWith("cert", StringComparison.Ordinal) ? Pem(certificates) : "ours";
        var failures = new[]
        {
            await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, key, value)),
            await Assert.ThrowsAsync<ProviderException>(() => source.DeleteAsync(new(key, null), Stop)),
        };
        Assert.All(failures, failure => Assert.Equal(ProviderFailureKind.Conflict, failure.Kind));
        Assert.All(failures, failure => Assert.Contains("not managed by external-secrets", failure.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(set.Azure.Seen, request => request.Method is "PUT" or "DELETE" || request.Path.EndsWith("/import", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_is_imported_with_its_key_and_chain_and_once()
    {
        await using var set = await AzureSetUp.MakeAsync();
        using var certificates = new TestCertificates();
        using var issued = certificates.Issue("app.example");
        var pem = issued.ExportCertificatePem() + "\n" + certificates.Pem + "\n" + issued.GetECDsaPrivateKey()!.ExportECPrivateKeyPem();
        await using var source = await set.OpenAsync();
        await PushAsync((IPush)source, "cert/app", pem, """{"tags":{"team":"x"}}""");
        await PushAsync((IPush)source, "cert/app", pem, """{"tags":{"team":"x"}}""");
        Assert.Equal(1, set.Azure.Seen.Count(request => request.Path == "/certificates/app/import"));
        var pushed = set.Azure.Read("certificates/app")!;
        Assert.Equal((2, "external-secrets"), (pushed["certificates"]!.GetValue<int>(), pushed["tags"]!["managed-by"]!.GetValue<string>()));
        using var read = await source.FetchAsync(source.RequestFor(new("cert/app")), Stop);
        Assert.Equal(issued.RawData, read!.Value(null));
        await ((IPush)source).DeleteAsync(new("cert/app", null), Stop);
        Assert.False(await ((IPush)source).ExistsAsync(new("cert/app", null), Stop));
    }

    [Fact]
    public async Task A_certificate_may_be_PKCS12_and_one_without_a_key_is_refused()
    {
        await using var set = await AzureSetUp.MakeAsync();
        using var certificates = new TestCertificates();
        using var issued = certificates.Issue("app.example");
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, "cert/app", issued.Export(X509ContentType.Pkcs12));
        Assert.Equal(Convert.ToBase64String(issued.RawData), set.Azure.Read("certificates/app")!["cer"]!.GetValue<string>());
        foreach (var none in (byte[][])[issued.RawData, Encoding.ASCII.GetBytes(issued.ExportCertificatePem()), [1, 2, 3]])
            Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "cert/other", none))).Kind);
    }

    [Fact]
    public async Task A_key_is_imported_as_JSON_and_once()
    {
        await using var set = await AzureSetUp.MakeAsync();
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await using var source = (IPush)await set.OpenAsync();
        foreach (var pem in (string[])[rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem()]) await PushAsync(source, "key/rsa", pem);
        foreach (var pem in (string[])[ec.ExportPkcs8PrivateKeyPem(), ec.ExportECPrivateKeyPem()]) await PushAsync(source, "key/ec", pem);
        var imports = set.Azure.Seen.Where(request => request.Method == "PUT").Select(request => request.Body!["key"]!).ToList();
        Assert.Equal([("RSA", null), ("EC", "P-384")], imports.Select(key => (key["kty"]!.GetValue<string>(), key["crv"]?.GetValue<string>())));
        Assert.Equal(rsa.ExportParameters(true).D, System.Buffers.Text.Base64Url.DecodeFromChars(imports[0]["d"]!.GetValue<string>()));
        Assert.Equal(ec.ExportParameters(true).D, System.Buffers.Text.Base64Url.DecodeFromChars(imports[1]["d"]!.GetValue<string>()));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "key/no", rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", "P-256")]
    [InlineData("1.3.132.0.35", "P-521")]
    [InlineData("1.3.132.0.10", "P-256K")]
    [InlineData("1.3.36.3.3.2.8.1.1.7", null)]
    public async Task A_key_on_a_curve_that_the_vault_knows_is_imported_and_no_other(string curve, string? name)
    {
        await using var set = await AzureSetUp.MakeAsync();
        using var ec = ECDsa.Create(ECCurve.CreateFromValue(curve));
        await using var source = (IPush)await set.OpenAsync();
        if (name is null)
        {
            var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "key/ec", ec.ExportPkcs8PrivateKeyPem()));
            Assert.Contains("P-256, P-384, P-521 or P-256K", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(set.Azure.Seen, request => request.Method == "PUT");
            return;
        }

        await PushAsync(source, "key/ec", ec.ExportPkcs8PrivateKeyPem());
        Assert.Equal(name, set.Azure.Seen.Single(request => request.Method == "PUT").Body!["key"]!["crv"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_we_deleted_comes_back_to_be_written_over()
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, "app", "old");
        await source.DeleteAsync(new("app", null), Stop);
        await PushAsync(source, "app", "new");
        Assert.Equal("new", set.Azure.Read("secrets/app")!["value"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_vault_that_takes_its_time_to_recover_is_waited_for()
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, "app", "old");
        await source.DeleteAsync(new("app", null), Stop);
        set.Azure.Instead = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/recover", StringComparison.Ordinal)) return false;
            await context.Response.WriteAsync("{}");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "app", "new"));
        Assert.Equal((ProviderFailureKind.Unavailable, TimeSpan.FromSeconds(5)), (failure.Kind, failure.RetryAfter));
        set.Azure.Instead = null;
        await PushAsync(source, "app", "new");
        Assert.Equal("new", set.Azure.Read("secrets/app")!["value"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_deleted_name_of_somebody_else_is_told_and_stays_deleted()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", "theirs");
        set.Azure.Delete("secrets/app");
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "app", "ours"));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        Assert.Contains("purged or recovered", failure.Message, StringComparison.Ordinal);
        Assert.Null(set.Azure.Read("secrets/app"));
    }

    [Theory]
    [InlineData("""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{"unknown":1}}""")]
    [InlineData("""{"apiVersion":"other","kind":"PushSecretMetadata"}""")]
    [InlineData("""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{"expirationDate":"tomorrow"}}""")]
    [InlineData("""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{"tags":{"managed-by":"me"}}}""")]
    public async Task Metadata_that_makes_no_sense_is_refused_before_a_call(string metadata)
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        using var document = JsonDocument.Parse(metadata);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "app", "value"u8.ToArray(), document.RootElement));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Azure.Seen);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "app", [0xff, 0xfe]));
        Assert.Contains("b64enc", failure.Message, StringComparison.Ordinal);
    }

    private static string Pem(TestCertificates certificates)
    {
        using var issued = certificates.Issue("app.example");
        return issued.ExportCertificatePem() + "\n" + issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
    }

    private static async Task PushAsync(IPush source, string key, string value, string wishes = "{}")
    {
        using var metadata = JsonDocument.Parse($$"""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{{wishes}}}""");
        await PushAsync(source, key, Encoding.UTF8.GetBytes(value), metadata.RootElement);
    }

    private static async Task PushAsync(IPush source, string key, byte[] value, JsonElement? metadata = null)
    {
        using var item = new SecretValues();
        item.Set("key", [.. value]);
        var none = new Dictionary<string, string>();
        await source.PushAsync(new PushRequest(new(key, null), item, "key", "Opaque", none, none, metadata), Stop);
    }
}
