using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Vault;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.Generators;
using GitOpsSecrets.Providers.Vault;
using GitOpsSecrets.Sops.Keys;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>Logins, the life of tokens, leases and wrapped keys on a real Vault or OpenBao, where one is on the PATH; what is stored there has its facts in the contract.</summary>
public sealed class VaultServerTests : IAsyncLifetime
{
    private const string AppRole = """{"appRole":{"path":"approle","roleRef":{"name":"login","key":"role"},"secretRef":{"name":"login","key":"secret"}}}""";
    private const string Reader = """{"token_policies":"reader","token_ttl":"1h"}""";
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly MemoryCluster cluster = new("team-a");
    private readonly CallLog calls = new();
    private VaultServer vault = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        vault = await VaultServer.StartAsync();
        await vault.PutAsync("app", new JsonObject { ["a"] = "1" });
        await vault.WriteAsync("kv1/app", new JsonObject { ["a"] = "1" });
        await vault.WriteAsync("sys/policies/acl/reader", new JsonObject { ["policy"] = """path "secret/*" { capabilities = ["read", "list"] }""" });
        cluster.Put("team-a", "login", "root", vault.Token);
    }

    public ValueTask DisposeAsync() => vault?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_login_by_AppRole_reads_is_renewed_and_is_revoked_at_the_end()
    {
        await AppRoleAsync();
        var before = await TokensAsync();
        await using (var source = await OpenAsync(AppRole))
        {
            Assert.Equal("1", await source.TextAsync(new("app", "a")));
            Assert.Equal(before + 1, await TokensAsync());
            time.Advance(TimeSpan.FromMinutes(45));
            Assert.Equal("1", await source.TextAsync(new("app", "a")));
            Assert.Equal(before + 1, await TokensAsync());
        }
        Assert.Equal(before, await TokensAsync());
    }

    [Fact]
    public async Task A_token_that_somebody_revoked_is_replaced_at_once()
    {
        await AppRoleAsync();
        await using var source = await OpenAsync(AppRole);
        await source.TextAsync(new("app", "a"));
        await vault.WriteAsync("sys/leases/revoke-prefix/auth/approle/login", []);
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
    }

    [Fact]
    public async Task What_the_policy_does_not_allow_is_denied()
    {
        await AppRoleAsync();
        await using var source = await OpenAsync(AppRole, "kv1", "v1");
        Assert.Equal(ProviderFailureKind.Denied, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "a")))).Kind);
    }

    [Fact]
    public async Task A_wrong_secret_id_is_told_in_the_words_of_Vault()
    {
        await AppRoleAsync();
        cluster.Put("team-a", "login", "secret", "a-wrong-secret");
        await using var source = await OpenAsync(AppRole);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "a")));
        Assert.Contains("secret", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("a-wrong-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_logs_in_by_a_password()
    {
        await EnableAsync("userpass");
        await vault.WriteAsync("auth/userpass/users/jane", new JsonObject { ["password"] = "pw", ["token_policies"] = "reader" });
        cluster.Put("team-a", "login", "password", "pw");
        await ReadsAsync("""{"userPass":{"path":"userpass","username":"jane","secretRef":{"name":"login","key":"password"}}}""");
    }

    [Fact]
    public async Task A_signed_token_logs_in()
    {
        await EnableAsync("jwt");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await vault.WriteAsync("auth/jwt/config", new JsonObject { ["jwt_validation_pubkeys"] = new JsonArray(key.ExportSubjectPublicKeyInfoPem()) });
        await vault.WriteAsync("auth/jwt/role/r", new JsonObject { ["role_type"] = "jwt", ["user_claim"] = "sub", ["bound_audiences"] = new JsonArray("vault"), ["token_policies"] = "reader" });
        cluster.Put("team-a", "login", "jwt", Sign(key, $$"""{"sub":"app","aud":"vault","nbf":1,"exp":{{DateTimeOffset.UnixEpoch.AddYears(80).ToUnixTimeSeconds()}}}"""));
        await ReadsAsync("""{"jwt":{"path":"jwt","role":"r","secretRef":{"name":"login","key":"jwt"}}}""");
    }

    [Fact]
    public async Task A_certificate_logs_in()
    {
        await EnableAsync("cert");
        await vault.WriteAsync("auth/cert/certs/r", new JsonObject { ["certificate"] = vault.Certificates.Pem, ["token_policies"] = "reader" });
        using var client = vault.Certificates.Issue("app");
        using var key = client.GetECDsaPrivateKey()!;
        cluster.Put("team-a", "client", "tls.crt", client.ExportCertificatePem());
        cluster.Put("team-a", "client", "tls.key", key.ExportPkcs8PrivateKeyPem());
        await ReadsAsync("""{"cert":{"path":"cert","vaultRole":"r","clientCert":{"name":"client"},"secretRef":{"name":"client"}}}""");
    }

    [Fact]
    public async Task An_AWS_identity_logs_in()
    {
        var moto = Environment.GetEnvironmentVariable("MOTO_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(moto), "no moto here: set MOTO_URL to the address of a moto_server");
        await EnableAsync("aws");
        await vault.WriteAsync("auth/aws/config/client", JsonNode.Parse($$"""{"access_key":"AKIATEST","secret_key":"s","sts_endpoint":"{{moto}}","sts_region":"us-east-1"}""")!.AsObject());
        await vault.WriteAsync("auth/aws/role/r", JsonNode.Parse("""{"auth_type":"iam","bound_iam_principal_arn":"arn:aws:iam::123456789012:user/moto","resolve_aws_unique_ids":false,"token_policies":"reader"}""")!.AsObject());
        cluster.Put("team-a", "aws", "id", "AKIATEST");
        cluster.Put("team-a", "aws", "secret", "secret-of-the-test");
        await ReadsAsync("""{"iam":{"path":"aws","region":"us-east-1","vaultRole":"r","secretRef":{"accessKeyIDSecretRef":{"name":"aws","key":"id"},"secretAccessKeySecretRef":{"name":"aws","key":"secret"}}}}""");
    }

    [Fact]
    public async Task Version_1_is_read_without_metadata()
    {
        await using var source = await OpenAsync("""{"tokenSecretRef":{"name":"login","key":"root"}}""", "kv1", "v1");
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
    }

    [Fact]
    public async Task A_Vault_that_cannot_mark_what_we_push_is_not_written_to()
    {
        Assert.SkipWhen(vault.KeepsCustomMetadata, "from 1.9 on Vault keeps custom metadata: the contract pushes there");
        await using var source = await OpenAsync("""{"tokenSecretRef":{"name":"login","key":"root"}}""");
        using var item = new SecretValues();
        item.Set("item", "value"u8.ToArray());
        var push = new PushRequest(new("pushed", "password"), item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), null);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ((IPush)source).PushAsync(push, Stop));
        Assert.Contains("older than 1.9", failure.Message, StringComparison.Ordinal);
        Assert.False(await vault.ExistsAsync("secret/metadata/pushed"));
    }

    [Fact]
    public async Task What_a_generator_made_can_be_taken_back_by_its_lease()
    {
        await vault.WriteAsync("sys/mounts/pki", new JsonObject { ["type"] = "pki" });
        await vault.WriteAsync("pki/root/generate/internal", new JsonObject { ["common_name"] = "root" });
        await vault.WriteAsync("pki/roles/app", new JsonObject { ["allow_any_name"] = true, ["generate_lease"] = true, ["ttl"] = "10m" });
        var spec = new JsonObject
        {
            ["path"] = "pki/issue/app",
            ["method"] = "POST",
            ["parameters"] = new JsonObject { ["common_name"] = "app.example" },
            ["provider"] = Provider("""{"tokenSecretRef":{"name":"login","key":"root"}}"""),
        };
        var generator = new VaultDynamicSecretGenerator();
        var request = new GeneratorRequest("team-a", JsonElement.Parse(spec.ToJsonString()), cluster, Http(), calls, time, new SequenceRandom(seed: 1));
        using var generated = await generator.GenerateAsync(request, Stop);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", Encoding.UTF8.GetString(generated.Values.Find("certificate")!), StringComparison.Ordinal);
        Assert.InRange(generated.ExpiresAt!.Value - time.GetUtcNow(), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.True(await LeasedAsync());
        await generator.CleanUpAsync(request, generated.State!.Value, Stop);
        Assert.False(await LeasedAsync());
    }

    [Fact]
    public async Task The_transit_engine_wraps_the_data_keys_of_SOPS_files()
    {
        await vault.WriteAsync("sys/mounts/transit", new JsonObject { ["type"] = "transit" });
        await vault.WriteAsync("transit/keys/app", []);
        var authority = Path.GetTempFileName();
        await File.WriteAllTextAsync(authority, vault.Certificates.Pem, Stop);
        var credentials = new KeyServiceCredentials { Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["VAULT_TOKEN"] = vault.Token, ["VAULT_CACERT"] = authority }, TrustsAddresses = true };
        using var keys = new VaultTransitKeys(new KeyServiceContext(credentials, Http(), calls, time));
        var key = MasterKeyText.VaultTransit($"{vault.Address}v1/transit/keys/app");
        byte[] data = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
        var wrapped = await keys.WrapAsync(key, data, Stop);
        Assert.Equal(data, await keys.UnwrapAsync(key.With(wrapped, null), Stop));
        File.Delete(authority);
    }

    private static string Sign(ECDsa key, string claims)
    {
        var text = Base64Url.EncodeToString("""{"alg":"ES256","typ":"JWT"}"""u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        return text + "." + Base64Url.EncodeToString(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256));
    }

    private static ProviderHttp Http() => new(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);

    private async Task EnableAsync(string type) => await vault.WriteAsync($"sys/auth/{type}", new JsonObject { ["type"] = type });

    private async Task AppRoleAsync()
    {
        await EnableAsync("approle");
        await vault.WriteAsync("auth/approle/role/r", JsonNode.Parse(Reader)!.AsObject());
        cluster.Put("team-a", "login", "role", (string)(await vault.ReadAsync("auth/approle/role/r/role-id"))["data"]!["role_id"]!);
        cluster.Put("team-a", "login", "secret", (string)(await vault.WriteAsync("auth/approle/role/r/secret-id", []))["data"]!["secret_id"]!);
    }

    private async Task<int> TokensAsync() => (await vault.ReadAsync("auth/token/accessors?list=true"))["data"]!["keys"]!.AsArray().Count;

    private async Task<bool> LeasedAsync() => await vault.ExistsAsync("sys/leases/lookup/pki/issue/app?list=true");

    private async Task ReadsAsync(string auth)
    {
        await using var source = await OpenAsync(auth);
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
    }

    private JsonObject Provider(string auth) => new()
    {
        ["server"] = vault.Address.ToString(),
        ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(vault.Certificates.Pem)),
        ["auth"] = JsonNode.Parse(auth),
    };

    private async Task<ISecretSource> OpenAsync(string auth, string path = "secret", string version = "v2")
    {
        var options = Provider(auth);
        (options["path"], options["version"]) = (path, version);
        var store = new StoreDescription("SecretStore", "vault", "team-a", JsonElement.Parse(options.ToJsonString()));
        return await new VaultProvider().OpenAsync(new StoreContext(store, cluster, Http(), calls, null, time), Stop);
    }
}
