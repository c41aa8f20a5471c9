using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.Azure;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Data keys of SOPS files that a key in Azure Key Vault wraps, over TLS.</summary>
public sealed class AzureVaultKeysTests
{
    private static readonly byte[] DataKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private readonly CallLog calls = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tenantId: {0}\nclientId: {1}\nclientSecret: {2}")]
    [InlineData("""{{"tenant": "{0}", "appId": "{1}", "password": "{2}"}}""")]
    public async Task A_data_key_is_wrapped_and_unwrapped_by_the_vault_for_the_application_of_a_Secret(string item)
    {
        await using var set = await AzureKeyServer.StartAsync();
        var text = string.Format(null, item, AzureSimulator.Tenant, AzureKeyServer.Client, AzureKeyServer.Password) + (item[0] == '{' ? "" : $"\nauthorityHost: {set.Azure.Address}");
        if (item[0] == '{') text = text[..^1] + $", \"authorityHost\": \"{set.Azure.Address}\"}}";
        using var keys = Keys(set, new KeyServiceCredentials { Items = Items(text), TrustsAddresses = true });
        var wrapped = await keys.WrapAsync(Key(set), DataKey, Stop);
        Assert.Equal(DataKey, set.App.Decrypt(Base64Url.DecodeFromChars(wrapped), RSAEncryptionPadding.OaepSHA256));
        Assert.Equal(DataKey, await keys.UnwrapAsync(Key(set).With(wrapped, null), Stop));
        Assert.Equal(1, set.Azure.Logins);
        Assert.Equal(["Encrypt", "Login", "Decrypt"], calls.Calls.Select(call => call.Operation).OrderBy(name => name switch { "Encrypt" => 0, "Login" => 1, _ => 2 }));
    }

    [Fact]
    public async Task The_application_of_the_environment_counts_too()
    {
        await using var set = await AzureKeyServer.StartAsync();
        using var keys = Keys(set, new KeyServiceCredentials { Variables = set.Variables(("AZURE_CLIENT_SECRET", AzureKeyServer.Password)), TrustsAddresses = true });
        Assert.NotEmpty(await keys.WrapAsync(Key(set), DataKey, Stop));
    }

    [Fact]
    public async Task A_certificate_of_a_Secret_or_of_the_environment_proves_who_asks()
    {
        await using var set = await AzureKeyServer.StartAsync();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
        set.Azure.Accept(AzureKeyServer.Client, form => form.GetValueOrDefault("client_assertion_type")?.EndsWith("jwt-bearer", StringComparison.Ordinal) == true);
        using var file = new TemporaryFile(pem);
        var item = new System.Text.Json.Nodes.JsonObject { ["tenantId"] = AzureSimulator.Tenant, ["clientId"] = AzureKeyServer.Client, ["clientCertificate"] = pem, ["authorityHost"] = set.Azure.Address.ToString() };
        foreach (var credentials in (KeyServiceCredentials[])[
            new() { Items = Items(item.ToJsonString()), TrustsAddresses = true },
            new() { Variables = set.Variables(("AZURE_CLIENT_CERTIFICATE_PATH", file.Path)), TrustsAddresses = true }])
        {
            using var keys = Keys(set, credentials);
            Assert.NotEmpty(await keys.WrapAsync(Key(set), DataKey, Stop));
        }

        using var none = Keys(set, new KeyServiceCredentials { Variables = set.Variables(("AZURE_CLIENT_CERTIFICATE_PATH", "/nowhere/cert.pem")), TrustsAddresses = true });
        Assert.Equal("/nowhere/cert.pem cannot be read", (await Assert.ThrowsAsync<ProviderException>(() => none.WrapAsync(Key(set), DataKey, Stop))).Message);
    }

    [Fact]
    public async Task The_pods_token_and_the_machine_count_where_the_surroundings_do()
    {
        await using var set = await AzureKeyServer.StartAsync();
        set.Azure.Accept(AzureKeyServer.Client, form => form.GetValueOrDefault("client_assertion") == "token of the pod");
        using var file = new TemporaryFile("token of the pod\n");
        using var pod = Keys(set, new KeyServiceCredentials { Variables = set.Variables(("AZURE_FEDERATED_TOKEN_FILE", file.Path)), MayUseSurroundings = true, TrustsAddresses = true });
        Assert.NotEmpty(await pod.WrapAsync(Key(set), DataKey, Stop));
        foreach (var items in (Dictionary<string, string>[])[[], Items("clientId: some-client")])
        {
            using var machine = Keys(set, new KeyServiceCredentials { Items = items, MayUseSurroundings = true, TrustsAddresses = true });
            Assert.NotEmpty(await machine.WrapAsync(Key(set), DataKey, Stop));
        }

        using var tenant = Keys(set, new KeyServiceCredentials { Items = Items("clientId: some-client"), TrustsAddresses = true });
        Assert.Contains("sops.azure-kv has no clientSecret", (await Assert.ThrowsAsync<ProviderException>(() => tenant.WrapAsync(Key(set), DataKey, Stop))).Message, StringComparison.Ordinal);
        using var broken = Keys(set, new KeyServiceCredentials { Items = Items("- a\n- list"), TrustsAddresses = true });
        Assert.Contains("is no mapping", (await Assert.ThrowsAsync<ProviderException>(() => broken.WrapAsync(Key(set), DataKey, Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_identity_the_remedy_is_told()
    {
        await using var set = await AzureKeyServer.StartAsync();
        using var keys = Keys(set, new KeyServiceCredentials { TrustsAddresses = true });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => keys.WrapAsync(Key(set), DataKey, Stop));
        Assert.Contains("sops.azure-kv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_controllers_identity_is_for_vaults_of_Azure_alone()
    {
        await using var set = await AzureKeyServer.StartAsync();
        using var keys = Keys(set, new KeyServiceCredentials { Variables = set.Variables(("AZURE_CLIENT_SECRET", AzureKeyServer.Password)), MayUseSurroundings = true });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => keys.UnwrapAsync(Key(set).With("AQID", null), Stop));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Empty(set.Azure.Seen);
    }

    [Theory]
    [InlineData("vault_url", "http://plain.example")]
    [InlineData("vault_url", "https://vault.example/path")]
    [InlineData("name", "../secrets")]
    [InlineData("version", "1/../../secrets")]
    [InlineData("version", "")]
    public async Task What_is_no_key_is_refused_without_a_call(string field, string value)
    {
        await using var set = await AzureKeyServer.StartAsync();
        using var keys = Keys(set, new KeyServiceCredentials { Variables = set.Variables(("AZURE_CLIENT_SECRET", AzureKeyServer.Password)), TrustsAddresses = true });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => keys.WrapAsync(Key(set, (field, value)), DataKey, Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Azure.Seen);
    }

    private AzureVaultKeys Keys(AzureKeyServer set, KeyServiceCredentials credentials) => new(new KeyServiceContext(credentials, set.Http, calls, TimeProvider.System));

    private static Dictionary<string, string> Items(string text) => new(StringComparer.Ordinal) { ["sops.azure-kv"] = text };

    private static MasterKey Key(AzureKeyServer set, params (string Name, string Value)[] other)
    {
        var fields = new MapNode();
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("vault_url", set.Azure.Address.GetLeftPart(UriPartial.Authority)), ("name", "app"), ("version", "1a")])
            fields.Add(name, ScalarNode.Text(other.Where(one => one.Name == name).Select(one => one.Value).DefaultIfEmpty(value).First()));
        return new MasterKey(MasterKeyKind.AzureKeyVault, fields);
    }
}
