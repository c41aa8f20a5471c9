using System.Text;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Data keys of SOPS files that Vault's transit engine wraps, over TLS.</summary>
public sealed class VaultTransitKeysTests : IAsyncLifetime
{
    private const string Plain = "password: of the test\n";

    private readonly CallLog calls = new();
    private TransitServer vault = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => vault = await TransitServer.StartAsync();

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task A_file_is_sealed_and_opened_by_the_engine()
    {
        var file = await SealAsync(Keyring(Variables()));
        var key = Assert.Single(file.Metadata.KeyGroups[0].Keys);
        Assert.Equal((vault.Address, "transit", "app"), (key.Field("vault_address"), key.Field("engine_path"), key.Field("key_name")));
        Assert.StartsWith("vault:v1:", key.Wrapped, StringComparison.Ordinal);
        Assert.NotEmpty(key.Field("created_at"));
        Assert.Equal(Plain, await OpenAsync(file, Keyring(Variables())));
        Assert.Equal(["/v1/transit/encrypt/app", "/v1/transit/decrypt/app"], vault.Seen.Select(request => request.Path));
        Assert.Equal([("HashiCorp/Vault", "TransitEncrypt", true), ("HashiCorp/Vault", "TransitDecrypt", true)], calls.Calls);
    }

    [Fact]
    public async Task The_namespace_goes_along()
    {
        var variables = Variables();
        variables["VAULT_NAMESPACE"] = "team-a";
        await SealAsync(Keyring(variables));
        Assert.Equal("team-a", Assert.Single(vault.Seen).Namespace);
    }

    [Fact]
    public async Task The_token_that_vault_login_left_behind_counts()
    {
        var home = Directory.CreateTempSubdirectory("home-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, ".vault-token"), TransitServer.Token + "\n", Ending);
        var variables = Variables();
        variables.Remove("VAULT_TOKEN");
        await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, HomeFolder = home, TrustsAddresses = true }));
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task An_item_of_a_Secret_counts_before_the_variable()
    {
        var variables = Variables();
        variables["VAULT_TOKEN"] = "another";
        await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, Items = Items(TransitServer.Token), TrustsAddresses = true }));
    }

    [Fact]
    public async Task Without_a_token_nothing_is_asked_and_the_error_says_how_to_get_one()
    {
        var variables = Variables();
        variables.Remove("VAULT_TOKEN");
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(variables)));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.Contains("sops.vault-token", failure.Message, StringComparison.Ordinal);
        Assert.Empty(vault.Seen);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_words_of_Vault_and_without_the_token()
    {
        var file = await SealAsync(Keyring(Variables()));
        var variables = Variables();
        variables["VAULT_TOKEN"] = "hvs.wrong";
        var failure = await Assert.ThrowsAsync<SopsException>(() => OpenAsync(file, Keyring(variables)));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.Contains("permission denied", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hvs.wrong", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_in_trouble_is_told_apart_from_a_refusal()
    {
        var file = await SealAsync(Keyring(Variables()));
        vault.Status = 503;
        Assert.Equal(SopsFailure.Unavailable, (await Assert.ThrowsAsync<SopsException>(() => OpenAsync(file, Keyring(Variables())))).Failure);
        Assert.Equal(SopsFailure.Unavailable, (await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(Variables())))).Failure);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_and_files_that_cannot_be_read_are_told()
    {
        var other = MasterKeyText.VaultTransit($"{vault.Address}/v1/elsewhere/keys/app");
        Assert.Contains("Vault, asked to POST elsewhere/encrypt/app, gave error 404 NotFound: no handler for route \"elsewhere/encrypt/app\". route entry not found. No engine is mounted there", (await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(Variables()), other))).Message, StringComparison.Ordinal);
        var variables = Variables();
        (variables["VAULT_CLIENT_CERT"], variables["VAULT_CLIENT_KEY"]) = (vault.AuthorityFile, vault.AuthorityFile);
        Assert.Contains("are no PEM pair", (await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(variables)))).Message, StringComparison.Ordinal);
        variables["VAULT_CLIENT_CERT"] = "/nowhere/crt";
        Assert.Contains("/nowhere/crt cannot be read", (await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(variables)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_opens_a_file_whose_service_is_away_without_it_being_asked()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "tests", "vectors", "sops", "keys");
        const string Identity = "age-a.agekey";
        var text = await File.ReadAllTextAsync(Path.Combine(folder, Identity), Ending);
        var recipient = text.Split('\n').Single(line => line.StartsWith("# public key: ", StringComparison.Ordinal))["# public key: ".Length..].Trim();
        var file = await SealAsync(Keyring(Variables()), MasterKey.Age(recipient));
        vault.Status = 503;
        var builder = new SopsKeyringBuilder().AddFile(Encoding.UTF8.GetBytes(text)).Add(Source(Credentials(Variables())));
        Assert.Equal(Plain, await OpenAsync(file, builder.Build()));
        Assert.Single(vault.Seen);
    }

    [Theory]
    [InlineData("transit/../sys", "app")]
    [InlineData("..", "app")]
    [InlineData("transit", "../../sys/seal")]
    [InlineData("transit", "app?x=y")]
    [InlineData("transit", "%2e%2e")]
    [InlineData("", "app")]
    public async Task Names_that_lead_to_another_part_of_Vault_are_refused(string engine, string name)
    {
        var fields = new MapNode();
        fields.Add("vault_address", ScalarNode.Text(vault.Address));
        fields.Add("engine_path", ScalarNode.Text(engine));
        fields.Add("key_name", ScalarNode.Text(name));
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(Variables()), new MasterKey(MasterKeyKind.VaultTransit, fields)));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.Empty(vault.Seen);
    }

    [Fact]
    public async Task A_token_of_the_whole_cluster_goes_to_no_server_but_its_own()
    {
        var variables = Variables();
        var controllers = new KeyServiceCredentials { Variables = variables };
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(controllers)));
        Assert.Contains("VAULT_ADDR", failure.Message, StringComparison.Ordinal);
        Assert.Empty(vault.Seen);

        variables["VAULT_ADDR"] = vault.Address + "/";
        await SealAsync(Keyring(controllers));
    }

    private static Dictionary<string, string> Items(string token) => new(StringComparer.Ordinal) { ["sops.vault-token"] = token };

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal) { ["VAULT_TOKEN"] = TransitServer.Token, ["VAULT_CACERT"] = vault.AuthorityFile };

    private static KeyServiceCredentials Credentials(Dictionary<string, string> variables) => new() { Variables = variables, TrustsAddresses = true };

    private SopsKeyring Keyring(Dictionary<string, string> variables) => Keyring(Credentials(variables));

    private SopsKeyring Keyring(KeyServiceCredentials credentials) => new SopsKeyringBuilder().Add(Source(credentials)).Build();

    private KeyServiceSource Source(KeyServiceCredentials credentials) => KeyServiceCatalog.All.Single(kind => kind.Name == MasterKeyKind.VaultTransit)
        .Source(() => new KeyServiceContext(credentials, new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System), calls, TimeProvider.System));

    private async Task<SopsFile> SealAsync(SopsKeyring keyring, params MasterKey[] keys)
    {
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(Plain), SopsFormat.Yaml);
        var named = keys is [{ Kind: MasterKeyKind.VaultTransit }] ? keys : [.. keys, MasterKeyText.VaultTransit(vault.KeyUrl())];
        return await SopsFile.SealAsync(plain, new SealingOptions([new KeyGroup(named)]), keyring, TimeProvider.System, Ending);
    }

    private static async Task<string> OpenAsync(SopsFile file, SopsKeyring keyring)
    {
        using var open = await file.OpenAsync(keyring, MacCheck.Required, null, Ending);
        return Encoding.UTF8.GetString(open.Plain.ToBytes());
    }
}
