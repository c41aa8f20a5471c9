using GitOpsSecrets.Providers.Azure;

namespace GitOpsSecrets.Providers.Tests.Azure;

public sealed class AzureCloudTests
{
    [Theory]
    [InlineData(null, "login.microsoftonline.com", "https://vault.azure.net", "https://management.azure.com")]
    [InlineData("PublicCloud", "login.microsoftonline.com", "https://vault.azure.net", "https://management.azure.com")]
    [InlineData("USGovernmentCloud", "login.microsoftonline.us", "https://vault.usgovcloudapi.net", "https://management.usgovcloudapi.net")]
    [InlineData("ChinaCloud", "login.chinacloudapi.cn", "https://vault.azure.cn", "https://management.chinacloudapi.cn")]
    [InlineData("GermanCloud", "login.microsoftonline.de", "https://vault.microsoftazure.de", "https://management.microsoftazure.de")]
    public void Each_cloud_has_its_own_login_and_resources(string? environment, string login, string vault, string management)
    {
        var cloud = AzureCloud.Of(environment, null);
        Assert.Equal((login, vault, management), (cloud.Authority.Host, cloud.VaultResource, cloud.ManagementResource));
    }

    [Fact]
    public void A_cloud_of_ones_own_is_where_its_config_says()
    {
        var cloud = AzureCloud.Of("AzureStackCloud", new() { ActiveDirectoryEndpoint = "https://adfs.stack.example/adfs", KeyVaultDNSSuffix = ".vault.stack.example" });
        Assert.Equal(("adfs.stack.example", "https://vault.stack.example"), (cloud.Authority.Host, cloud.VaultResource));
        Assert.Throws<ProviderException>(() => AzureCloud.Of("AzureStackCloud", null));
        Assert.Throws<ProviderException>(() => AzureCloud.Of(null, new() { ActiveDirectoryEndpoint = "http://plain.example" }));
    }

    [Theory]
    [InlineData("app.vault.azure.net", "https://vault.azure.net", true)]
    [InlineData("vault.azure.net", "https://vault.azure.net", true)]
    [InlineData("app.managedhsm.azure.net", "https://vault.azure.net", false)]
    [InlineData("evilvault.azure.net", "https://vault.azure.net", false)]
    [InlineData("vault.azure.net.evil.example", "https://vault.azure.net", false)]
    [InlineData("evil.example", "nonsense", false)]
    public void A_token_is_for_one_domain(string host, string resource, bool expected) => Assert.Equal(expected, AzureCloud.IsWithin(host, resource));

    [Theory]
    [InlineData("https://mock.example:8443", "mock.example")]
    [InlineData("https://login.microsoftonline.us/", "login.microsoftonline.com")]
    [InlineData("http://plain.example", "login.microsoftonline.com")]
    [InlineData(null, "login.microsoftonline.com")]
    public void An_operator_may_name_another_login_for_the_public_cloud(string? authority, string expected) => Assert.Equal(expected, AzureCloud.Of(null, null).LoggingInAt(authority).Authority.Host);

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a?b")]
    public void A_tenant_is_an_id_or_a_domain(string tenant) => Assert.False(new AzureProof(tenant, "client").HasTenant);

    [Theory]
    [InlineData("app", "Secret", "secrets/app")]
    [InlineData("secret/app", "Secret", "secrets/app")]
    [InlineData("cert/app", "Certificate", "certificates/app")]
    [InlineData("key/app", "Key", "keys/app")]
    [InlineData("key/app/ignored", "Key", "keys/app")]
    public void A_key_names_a_kind_and_an_object(string key, string kind, string path)
    {
        var name = KeyVaultName.Of(key);
        Assert.Equal((kind, path, path + "/1a"), (name.Noun, name.Path(), name.Path("1a")));
    }

    [Theory]
    [InlineData("other/app")]
    [InlineData("secret/")]
    [InlineData("a_b")]
    [InlineData("../keys")]
    [InlineData("a?api-version=1")]
    public void A_key_that_can_be_no_object_is_told(string key) => Assert.Equal(ProviderFailureKind.Invalid, Assert.Throws<ProviderException>(() => KeyVaultName.Of(key)).Kind);

    [Fact]
    public void A_version_is_letters_and_digits() => Assert.Throws<ProviderException>(() => KeyVaultName.Of("app").Path("../../keys/x"));

    [Theory]
    [InlineData("""{"vaultUrl":"http://app.vault.azure.net"}""", "vaultUrl")]
    [InlineData("""{"vaultUrl":"https://v.example"}""", "tenantId is required")]
    [InlineData("""{"vaultUrl":"https://v.example","tenantId":"t","authSecretRef":{"clientId":{"name":"a","key":"b"}}}""", "either clientSecret or clientCertificate")]
    [InlineData("""{"vaultUrl":"https://v.example","authType":"Other"}""", "authType \"Other\"")]
    [InlineData("""{"vaultUrl":"https://v.example","authType":"ManagedIdentity","environmentType":"AzureStackCloud"}""", "customCloudConfig is required")]
    [InlineData("""{"vaultUrl":"https://v.example","authType":"ManagedIdentity","environmentType":"GermanCloud"}""", "closed in October 2021")]
    [InlineData("""{"vaultUrl":"https://v.example","authType":"WorkloadIdentity","serviceAccountRef":{"name":"a","namespace":"other"}}""", "serviceAccountRef.namespace")]
    [InlineData("""{"vaultUrl":"https://v.example","authType":"WorkloadIdentity","customCloudConfig":{"activeDirectoryEndpoint":"http://x"}}""", "activeDirectoryEndpoint")]
    public void A_store_that_cannot_work_is_told(string options, string expected)
    {
        using var document = System.Text.Json.JsonDocument.Parse(options);
        Assert.Contains(new AzureProvider().Check(new StoreDescription("SecretStore", "s", "team-a", document.RootElement)), finding => finding.Contains(expected, StringComparison.Ordinal));
    }
}
