using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>
/// The controller's machine or pod as the one that logs in: its metadata server, the clouds' logins and a store, played by one server as the vendors document them and their open clients expect. Signatures are verified
/// with the keys that were certified.
/// </summary>
public sealed partial class MachineIdentityTests : IAsyncLifetime, IDisposable
{
    private static readonly RSA Leaf = RSA.Create(2048);
    private readonly MemoryCluster cluster = new(ContractStand.Namespace);
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> seen = new();
    private readonly TestCertificates certificates = new();
    private readonly string folder = Directory.CreateTempSubdirectory("identity").FullName;
    private RSA? session;
    private string token = "";
    private int lifetime = 3600;
    private LoopbackServer server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await LoopbackServer.StartAsync(AnswerAsync);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public void Dispose()
    {
        session?.Dispose();
        certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("InstancePrincipal")]
    [InlineData(null)]
    public async Task An_instance_of_Oracle_signs_with_a_key_that_its_certificate_was_exchanged_for(string? principal)
    {
        (variables["OCI_METADATA_BASE_URL"], variables["OCI_SDK_AUTH_CLIENT_REGION_URL"], variables["OCI_VAULT_URL"]) = (server.Address + "opc/v2", server.Address.ToString(), server.Address.ToString());
        var options = new JsonObject { ["region"] = "eu-frankfurt-1", ["vault"] = "ocid1.vault" };
        if (principal is not null) options["principalType"] = principal;
        await using var source = await OpenAsync("oracle", options);
        for (var i = 0; i < 2; i++) Assert.Equal("changeme", await source.TextAsync(new("db")));
        string[] metadata = ["GET /opc/v2/instance/regionInfo", "GET /opc/v2/identity/cert.pem", "GET /opc/v2/identity/intermediate.pem", "GET /opc/v2/identity/key.pem"];
        Assert.Equal([.. metadata, "POST /v1/x509", "POST /20190301/secretbundles/actions/getByName", "POST /20190301/secretbundles/actions/getByName"], seen);
    }

    [Fact]
    public async Task A_token_of_Oracle_that_ends_is_replaced_with_its_key()
    {
        (variables["OCI_METADATA_BASE_URL"], variables["OCI_SDK_AUTH_CLIENT_REGION_URL"], variables["OCI_VAULT_URL"]) = (server.Address + "opc/v2", server.Address.ToString(), server.Address.ToString());
        lifetime = 0;
        await using var source = await OpenAsync("oracle", new JsonObject { ["region"] = "eu-frankfurt-1", ["vault"] = "ocid1.vault" });
        for (var i = 0; i < 2; i++) Assert.Equal("changeme", await source.TextAsync(new("db")));
        Assert.Equal(2, seen.Count(request => request == "POST /v1/x509"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_workload_of_Oracle_shows_the_token_of_its_service_account_to_the_service_of_its_cluster(bool namesAccount)
    {
        (variables["OCI_PROXYMUX_URL"], variables["OCI_VAULT_URL"], variables["OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH"]) = (server.Address.ToString(), server.Address.ToString(), Write("ca.crt", certificates.Pem));
        token = namesAccount ? "token of team-a/app for other,api lasting 3600 s" : "token of the controller";
        var options = new JsonObject { ["region"] = "eu-frankfurt-1", ["vault"] = "ocid1.vault", ["principalType"] = "Workload" };
        if (namesAccount) options["serviceAccountRef"] = new JsonObject { ["name"] = "app", ["audiences"] = new JsonArray("other") };
        await using var source = await OpenAsync("oracle", options);
        Assert.Equal("changeme", await source.TextAsync(new("db")));
        Assert.Equal(["POST /resourcePrincipalSessionTokens", "POST /20190301/secretbundles/actions/getByName"], seen);
    }

    [Theory]
    [InlineData("""{"region":"eu-frankfurt-1","vault":"v","principalType":"UserPrincipal"}""")]
    [InlineData("""{"region":"eu-frankfurt-1","vault":"v","auth":{"tenancy":"t","user":"u"}}""")]
    public void A_user_of_Oracle_without_a_key_is_no_machine(string options)
    {
        var store = ContractStand.Describe(JsonNode.Parse(options)!);
        Assert.Equal(["spec.provider.oracle has no way to log in: one is needed of serviceAccountRef, auth.tenancy with auth.user with auth.secretRef.privatekey with auth.secretRef.fingerprint"], Provider("oracle").Check(store));
    }

    [Fact]
    public async Task A_pod_takes_the_role_of_Volcengine_that_its_environment_names()
    {
        variables["VOLCENGINE_KMS_URL"] = server.Address.ToString();
        variables["VOLCENGINE_OIDC_STS_ENDPOINT"] = server.Address.ToString();
        variables["VOLCENGINE_OIDC_ROLE_TRN"] = "trn:iam::1:role/reader";
        variables["VOLCENGINE_OIDC_TOKEN_FILE"] = Write("token", "a-projected-token\n");
        await using var source = await OpenAsync("volcengine", new JsonObject { ["region"] = "cn-beijing" });
        for (var i = 0; i < 2; i++) Assert.Equal("changeme", await source.TextAsync(new("db")));
        Assert.Equal(["POST /?Action=AssumeRoleWithOIDC&Version=2018-01-01", "POST /?Action=GetSecretValue&Version=2021-02-18", "POST /?Action=GetSecretValue&Version=2021-02-18"], seen);
    }

    [Fact]
    public async Task A_controller_without_a_role_of_Volcengine_says_so()
    {
        variables["VOLCENGINE_KMS_URL"] = server.Address.ToString();
        await using var source = await OpenAsync("volcengine", new JsonObject { ["region"] = "cn-beijing" });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("db")));
        Assert.Equal("the controller has no identity for Volcengine: VOLCENGINE_OIDC_ROLE_TRN is not set; name an access key under auth.secretRef", failure.Message);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task A_machine_of_Yandex_shows_its_token_to_the_endpoint_that_the_controller_knows_and_to_no_other()
    {
        variables["YC_METADATA_ADDR"] = server.Address.Authority;
        // Services are spoken to by TLS; here it is enough where the token goes.
        var options = new JsonObject { ["apiEndpoint"] = server.Address.Authority, ["auth"] = new JsonObject() };
        await using (var stranger = await OpenAsync("yandexlockbox", options))
        {
            var failure = await Assert.ThrowsAsync<ProviderException>(() => stranger.TextAsync(new("e6q1", "password")));
            Assert.Equal((ProviderFailureKind.Denied, $"the token of the controller's machine is not shown to {server.Address.Authority}; name an authorized key under auth"), (failure.Kind, failure.Message));
            Assert.Empty(seen);
        }

        variables["YC_ENDPOINT"] = server.Address.Authority;
        await using var source = await OpenAsync("yandexlockbox", options);
        await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("e6q1", "password")));
        Assert.Equal(["GET /computeMetadata/v1/instance/service-accounts/default/token"], seen);
    }

    [Theory]
    [InlineData("api.cloud.yandex.net:443")]
    [InlineData("api.yandexcloud.net")]
    public async Task Yandexs_own_endpoints_are_known(string endpoint)
    {
        variables["YC_METADATA_ADDR"] = server.Address.Authority;
        // Through a proxy that leads nowhere, which the metadata server is not asked through.
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0, Proxy = new WebProxy(server.Address) }, TimeProvider.System);
        var context = RecordedStore.Context(new JsonObject { ["apiEndpoint"] = endpoint, ["auth"] = new JsonObject() }, cluster) with { Http = http };
        await using var source = await Provider("yandexcertificatemanager").OpenAsync(context, Stop);
        Assert.Equal(ProviderFailureKind.Unavailable, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("fpq1")))).Kind);
        Assert.Equal("GET /computeMetadata/v1/instance/service-accounts/default/token", seen.First());
    }

    [Fact]
    public async Task A_definition_of_an_operators_own_gets_no_identity_of_the_machine()
    {
        const string Own = """
            name: acme
            server: "{address}"
            inputs: {address: {field: address, required: true}}
            headers: {Authorization: "Bearer {token}"}
            login: [{identity: {scheme: yandexMachine, with: {endpoint: "{address}"}}}]
            read: [{steps: {get: "/{ref.key}"}, result: {value: value}}]
            """;
        var provider = new DeclaredProvider(DefinitionReader.Read("acme.yaml", Own));
        await using var source = await provider.OpenAsync(RecordedStore.Context(new JsonObject { ["address"] = server.Address.ToString() }, cluster), Stop);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("db")));
        Assert.Equal("the controller has no identity for acme: it is shown to the stores that come with it only", failure.Message);
        Assert.Empty(seen);
    }

    private DeclaredProvider Provider(string name) => new(BuiltInDefinitions.Read(name), variables.GetValueOrDefault);

    private async Task<ISecretSource> OpenAsync(string name, JsonObject options)
    {
        var context = RecordedStore.Context(options, cluster);
        Assert.Empty(Provider(name).Check(context.Store));
        return await Provider(name).OpenAsync(context, Stop);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        seen.Enqueue($"{request.Method} {request.Path}{request.QueryString.Value?.Split("&secretName")[0].Split("?secretName")[0]}");
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var answer = request.Path.Value switch
        {
            "/opc/v2/instance/regionInfo" when request.Headers.Authorization == "Bearer Oracle" => """{"regionIdentifier":"eu-frankfurt-1","realmDomainComponent":"oraclecloud.com"}""",
            "/opc/v2/identity/cert.pem" => LeafCertificate().ExportCertificatePem(),
            "/opc/v2/identity/intermediate.pem" => certificates.Pem,
            "/opc/v2/identity/key.pem" => Leaf.ExportPkcs8PrivateKeyPem(),
            "/v1/x509" => Exchanged(request, body),
            "/resourcePrincipalSessionTokens" when request.Headers.Authorization == "Bearer " + token => $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"token":"ST${{Certified(JsonNode.Parse(body)!["podKey"]!.ToString())}}"}"""))}\"",
            "/20190301/secretbundles/actions/getByName" when IsSigned(request, body, session!, "date (request-target) host content-length content-type x-content-sha256", "ST$" + token) =>
                """{"secretBundleContent":{"contentType":"BASE64","content":"Y2hhbmdlbWU="}}""",
            "/" when request.Query["Action"] == "AssumeRoleWithOIDC" => Assumed(body),
            "/" when request.Headers["x-security-token"] == "session-token" && request.Headers.Authorization.ToString().StartsWith("HMAC-SHA256 Credential=AKTEMP/", StringComparison.Ordinal) => """{"Result":{"SecretValue":"changeme"}}""",
            "/computeMetadata/v1/instance/service-accounts/default/token" when request.Headers["Metadata-Flavor"] == "Google" => """{"access_token":"t1.machine","expires_in":3600,"token_type":"Bearer"}""",
            _ => null,
        };
        if (answer is null) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private string? Exchanged(HttpRequest request, string body)
    {
        var fingerprint = string.Join(':', SHA256.HashData(LeafCertificate().RawData).Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
        if (!IsSigned(request, body, Leaf, "date (request-target) content-length content-type x-content-sha256", $"ocid1.tenancy.oc1..example/fed-x509-sha256/{fingerprint}")) return null;
        var json = JsonNode.Parse(body)!;
        Assert.Equal(Convert.ToBase64String(LeafCertificate().RawData), json["certificate"]!.ToString());
        Assert.Single(json["intermediateCertificates"]!.AsArray());
        return new JsonObject { ["token"] = Certified(json["publicKey"]!.ToString()) }.ToJsonString();
    }

    private string Certified(string publicKey)
    {
        session = RSA.Create();
        session.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        var claims = $$"""{"exp":{{TimeProvider.System.GetUtcNow().AddSeconds(lifetime).ToUnixTimeSeconds()}}}""";
        token = $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
        return token;
    }

    private static string Assumed(string body)
    {
        Assert.Equal("DurationSeconds=3600&OIDCToken=a-projected-token&RoleSessionName=gitopssecrets&RoleTrn=trn%3Aiam%3A%3A1%3Arole%2Freader", body);
        return """{"ResponseMetadata":{},"Result":{"Credentials":{"AccessKeyId":"AKTEMP","SecretAccessKey":"temporary","SessionToken":"session-token","Expiration":"2099-01-01T00:00:00+08:00"}}}""";
    }

    private static bool IsSigned(HttpRequest request, string body, RSA key, string headers, string keyId)
    {
        var given = Parts().Match(request.Headers.Authorization.ToString());
        if (given.Groups["keyId"].Value != keyId || given.Groups["headers"].Value != headers) return false;
        if (request.Headers["x-content-sha256"] != Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))) return false;
        var text = string.Join('\n', headers.Split(' ').Select(name => name == "(request-target)" ? $"{name}: post {request.Path}{request.QueryString}" : $"{name}: {request.Headers[name]}"));
        return key.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(given.Groups["signature"].Value), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static X509Certificate2 LeafCertificate()
    {
        var request = new CertificateRequest("CN=an-instance, OU=opc-tenant:ocid1.tenancy.oc1..example, O=Oracle", Leaf, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.Create(request.SubjectName, X509SignatureGenerator.CreateForRSA(Leaf, RSASignaturePadding.Pkcs1), DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90), [1]);
    }

    [GeneratedRegex("keyId=\"(?<keyId>[^\"]*)\",algorithm=\"rsa-sha256\",headers=\"(?<headers>[^\"]*)\",signature=\"(?<signature>[^\"]*)\"")]
    private static partial Regex Parts();
}
