using System.Text;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Data keys of SOPS files that Google Cloud KMS wraps, over TLS.</summary>
public sealed class GcpKmsKeysTests : IAsyncLifetime
{
    private const string Key = GoogleKmsServer.Key;
    private GoogleKmsServer google = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => google = await GoogleKmsServer.StartAsync();

    public ValueTask DisposeAsync() => google.DisposeAsync();

    [Fact]
    public async Task A_file_is_sealed_and_opened_with_the_key_of_a_service_account()
    {
        var keyring = Keyring(new KeyServiceCredentials { Variables = google.Variables(), Items = Item() });
        var file = await SealAsync(keyring, Key);
        var entry = Assert.Single(file.Metadata.KeyGroups[0].Keys);
        Assert.Equal(Key, entry.Field("resource_id"));
        Assert.NotEmpty(Convert.FromBase64String(entry.Wrapped));
        using var open = await file.OpenAsync(keyring, MacCheck.Required, null, Ending);
        Assert.Equal("a: b\n", Encoding.UTF8.GetString(open.Plain.ToBytes()));
        // One login serves both.
        Assert.Equal(["/token", $"/v1/{Key}:encrypt", $"/v1/{Key}:decrypt"], google.Seen.Select(request => request.Path));
    }

    [Fact]
    public async Task A_token_in_a_variable_is_used_as_it_is()
    {
        var variables = google.Variables();
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = "ya29.given";
        await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true }), Key);
        Assert.Equal("Bearer ya29.given", Assert.Single(google.Seen).Authorization);
    }

    [Fact]
    public async Task A_key_file_or_its_path_in_a_variable_counts()
    {
        var path = Path.Combine(google.Folder, "key.json");
        await File.WriteAllTextAsync(path, google.KeyFile(), Ending);
        foreach (var given in new[] { path, google.KeyFile() })
        {
            var variables = google.Variables();
            variables["GOOGLE_CREDENTIALS"] = given;
            await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true }), Key);
        }
    }

    [Fact]
    public async Task Default_credentials_count_where_the_surroundings_do_and_nowhere_else()
    {
        var path = Path.Combine(google.Folder, "key.json");
        await File.WriteAllTextAsync(path, google.KeyFile(), Ending);
        var variables = google.Variables();
        variables["GOOGLE_APPLICATION_CREDENTIALS"] = path;
        await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true }), Key);
        Assert.Equal(2, google.Seen.Count);
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(new KeyServiceCredentials { Variables = variables }), Key));
        Assert.Contains("they take an item sops.gcp-kms", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, google.Seen.Count);
    }

    [Theory]
    [InlineData("projects/p/locations/global/keyRings/sops/cryptoKeys/../../../../other")]
    [InlineData("projects/p/secrets/db/versions/1")]
    [InlineData("")]
    public async Task A_name_that_is_no_key_goes_into_no_address(string name)
    {
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(new KeyServiceCredentials { Variables = google.Variables(), Items = Item() }), name));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.Empty(google.Seen);
    }

    private static SopsKeyring Keyring(KeyServiceCredentials credentials)
    {
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);
        var kind = KeyServiceCatalog.All.Single(known => known.Name == MasterKeyKind.GcpKms);
        return new SopsKeyringBuilder().Add(kind.Source(() => new KeyServiceContext(credentials, http, new CallLog(), TimeProvider.System))).Build();
    }

    private Dictionary<string, string> Item() => new(StringComparer.Ordinal) { ["sops.gcp-kms"] = google.KeyFile() };

    private static async Task<SopsFile> SealAsync(SopsKeyring keyring, string key)
    {
        using var plain = PlainFile.Parse("a: b\n"u8, SopsFormat.Yaml);
        var fields = new MapNode();
        fields.Add("resource_id", ScalarNode.Text(key));
        return await SopsFile.SealAsync(plain, new SealingOptions([new KeyGroup([new MasterKey(MasterKeyKind.GcpKms, fields)])]), keyring, TimeProvider.System, Ending);
    }
}
