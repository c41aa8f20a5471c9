using System.Text.Json;

namespace GitOpsSecrets.Providers.Tests;

/// <summary>Which keys of which stores name a secret that a service tells of.</summary>
public sealed class RecognizeChangeTests
{
    private const string Arn = "arn:aws:secretsmanager:eu-central-1:012345678901:secret:prod/db-a1b2c3";
    private const string Manager = """{"service":"SecretsManager","region":"eu-central-1"}""";
    private const string Certificate = "arn:aws:acm:eu-central-1:012345678901:certificate/11111111-2222-3333-4444-555555555555";
    private const string Certificates = """{"service":"CertificateManager","region":"eu-central-1"}""";
    private const string Parameters = """{"service":"ParameterStore","region":"eu-central-1"}""";

    // What is told, of which part, region and container; the key of a reference; whether that is the one.
    [Theory]
    [InlineData(Manager, Arn, "SecretsManager", "eu-central-1", "prod/db", true)]
    [InlineData(Manager, Arn, "SecretsManager", "eu-central-1", Arn, true)]
    [InlineData(Manager, Arn, "SecretsManager", "eu-central-1", "arn:aws:secretsmanager:eu-central-1:012345678901:secret:prod/db", true)]
    [InlineData(Manager, Arn, "SecretsManager", "eu-central-1", "prod/d", false)]
    [InlineData(Manager, Arn, "SecretsManager", "eu-central-1", "prod/db2", false)]
    [InlineData(Manager, "prod/db", "SecretsManager", "eu-central-1", "prod/db", true)]
    [InlineData(Manager, "prod/db", "SecretsManager", "eu-central-1", Arn, true)]
    [InlineData(Manager, "prod/db", null, null, "prod/db", true)]
    [InlineData(Manager, "PROD/DB", null, null, "prod/db", false)]
    [InlineData(Manager, Arn, "ParameterStore", "eu-central-1", "prod/db", null)]
    [InlineData(Manager, Arn, "SecretsManager", "us-west-2", "prod/db", null)]
    [InlineData("""{"service":"SecretsManager","region":"eu-central-1","prefix":"prod/"}""", Arn, "SecretsManager", null, "db", true)]
    [InlineData("""{"service":"SecretsManager","region":"eu-central-1","prefix":"prod/"}""", Arn, "SecretsManager", null, "prod/db", false)]
    [InlineData(Parameters, "/prod/db", "ParameterStore", "eu-central-1", "/prod/db", true)]
    [InlineData(Parameters, "/prod/db", "ParameterStore", "eu-central-1", "arn:aws:ssm:eu-central-1:012345678901:parameter/prod/db", true)]
    [InlineData(Parameters, "/prod/db", "ParameterStore", "eu-central-1", "/prod", false)]
    [InlineData(Parameters, "/prod/db", "SecretsManager", "eu-central-1", "/prod/db", null)]
    [InlineData(Certificates, Certificate, "CertificateManager", "eu-central-1", Certificate, true)]
    [InlineData(Certificates, Certificate, "CertificateManager", "eu-central-1", "shop", false)]
    [InlineData(Certificates, Certificate, "SecretsManager", "eu-central-1", Certificate, null)]
    public void Of_AWS(string options, string key, string? part, string? region, string named, bool? expected) =>
        Assert.Equal(expected, IsNamed(options, new RemoteChange("aws", key) { Part = part, Region = region }, named));

    private const string Vault = """{"vaultUrl":"https://shop-vault.vault.azure.net"}""";

    [Theory]
    [InlineData(Vault, "db", "Secret", "shop-vault", "db", true)]
    [InlineData(Vault, "db", "Secret", "SHOP-VAULT", "secret/DB", true)]
    [InlineData(Vault, "db", "Secret", "shop-vault", "cert/db", false)]
    [InlineData(Vault, "db", "Secret", "shop-vault", "db2", false)]
    [InlineData(Vault, "db", "Secret", "shop-vault", "no_name", false)]
    [InlineData(Vault, "tls", "Certificate", "shop-vault", "cert/tls", true)]
    [InlineData(Vault, "tls", "Certificate", "shop-vault", "tls", true)]
    [InlineData(Vault, "tls", "Certificate", "shop-vault", "key/tls", true)]
    [InlineData(Vault, "k", "Key", "shop-vault", "k", false)]
    [InlineData(Vault, "k", "Key", "shop-vault", "key/k", true)]
    [InlineData(Vault, "db", "Secret", "shop", "db", null)]
    [InlineData(Vault, "key/k", null, null, "key/k", true)]
    [InlineData(Vault, "no_name", null, null, "no_name", null)]
    public void Of_Azure(string options, string key, string? part, string? container, string named, bool? expected) =>
        Assert.Equal(expected, IsNamed(options, new RemoteChange("azurekv", key) { Part = part, Container = container }, named));

    [Theory]
    [InlineData("""{"projectID":"shop"}""", "db", "shop", null, "db", true)]
    [InlineData("""{"projectID":"shop"}""", "db", "shop", null, "db2", false)]
    [InlineData("""{"projectID":"shop"}""", "db", "123456", null, "db", true)]
    [InlineData("""{"projectID":"123457"}""", "db", "123456", null, "db", null)]
    [InlineData("""{"projectID":"other"}""", "db", "shop", null, "db", null)]
    [InlineData("""{}""", "db", "shop", null, "db", true)]
    [InlineData("""{"projectID":"shop"}""", "db", "shop", "europe-west3", "db", null)]
    [InlineData("""{"projectID":"shop","location":"europe-west3"}""", "db", "shop", "europe-west3", "db", true)]
    [InlineData("""{"projectID":"shop","location":"europe-west3"}""", "db", "shop", null, "db", null)]
    [InlineData("""{"projectID":"shop","location":"europe-west3"}""", "db", null, null, "db", true)]
    public void Of_Google(string options, string key, string? container, string? region, string named, bool? expected) =>
        Assert.Equal(expected, IsNamed(options, new RemoteChange("gcpsm", key) { Container = container, Region = region }, named));

    private const string Mounted = """{"server":"https://vault","path":"secret"}""";
    private const string Free = """{"server":"https://vault"}""";
    private const string First = """{"server":"https://vault","path":"kv1","version":"v1"}""";

    [Theory]
    [InlineData(Mounted, "prod/db", "secret", null, "prod/db", true)]
    [InlineData(Mounted, "prod/db", "secret", null, "secret/prod/db", true)]
    [InlineData(Mounted, "prod/db", "secret", null, "secret/data/prod/db", true)]
    [InlineData(Mounted, "prod/db", "secret", null, "prod/db2", false)]
    [InlineData(Mounted, "prod/db", "secret", null, "prod/../db", false)]
    [InlineData(Mounted, "prod/db", "kv", null, "prod/db", null)]
    [InlineData(Mounted, "secret/data/prod/db", null, null, "prod/db", true)]
    [InlineData(Mounted, "../sys", null, null, "prod/db", null)]
    [InlineData(Free, "prod/db", "secret", null, "secret/prod/db", true)]
    [InlineData(Free, "prod/db", "kv/shop", null, "kv/shop/data/prod/db", true)]
    [InlineData(Free, "prod/db", "secret", null, "kv/prod/db", false)]
    [InlineData(First, "data/db", "kv1", null, "data/db", true)]
    [InlineData(First, "data/db", "kv1", null, "db", false)]
    [InlineData(First, "db", "kv1", null, "kv1/db", true)]
    [InlineData(Mounted, "data/db", "secret", null, "data/db", true)]
    [InlineData(Mounted, "data/db", "secret", null, "db", false)]
    [InlineData(Mounted, "secret/db", "secret", null, "db", false)]
    [InlineData(Mounted, "prod/db", "secret", "team/", "prod/db", null)]
    [InlineData("""{"server":"https://vault","path":"secret","namespace":"team"}""", "prod/db", "secret", "team/", "prod/db", true)]
    public void Of_Vault(string options, string key, string? part, string? container, string named, bool? expected) =>
        Assert.Equal(expected, IsNamed(options, new RemoteChange("vault", key) { Part = part, Container = container }, named));

    [Theory]
    [InlineData("k", true)]
    [InlineData("K", false)]
    public void Of_any_other_it_is_the_key_itself(string named, bool expected) => Assert.Equal(expected, IsNamed("{}", new RemoteChange("fake", "k"), named));

    [Fact]
    public void A_store_that_cannot_be_read_and_one_of_another_provider_have_nothing_to_refresh()
    {
        Assert.Null(IsNamed("""{"service":1}""", new RemoteChange("aws", "k"), "k"));
        Assert.Null(Catalog.Providers().Recognize("fake", Store("{}"), new RemoteChange("aws", "k")));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "^prod", true)]
    [InlineData(null, "^db", false)]
    [InlineData("prod", null, true)]
    [InlineData("/prod/", "db", true)]
    [InlineData("test", null, false)]
    [InlineData(null, "(", false)]
    public void A_search_brings_what_its_path_and_its_expression_let_through(string? path, string? name, bool expected) =>
        Assert.Equal(expected, ChangedSecret.Of("prod/db").IsFoundBy(new FindRequest(path, name, new Dictionary<string, string> { ["team"] = "shop" })));

    private static bool? IsNamed(string options, RemoteChange change, string key) => Catalog.Providers().Recognize(change.Provider, Store(options), change)?.IsNamedBy(key);

    private static StoreDescription Store(string options) => new("SecretStore", "s", "shop", JsonDocument.Parse(options).RootElement);
}
