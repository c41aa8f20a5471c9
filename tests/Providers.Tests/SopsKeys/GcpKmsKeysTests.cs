using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.Google;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Data keys of SOPS files that Google Cloud KMS wraps, over TLS.</summary>
public sealed class GcpKmsKeysTests : IAsyncLifetime
{
    private const string Key = "projects/p/locations/global/keyRings/sops/cryptoKeys/app";
    private readonly TestCertificates certificates = new();
    private readonly ConcurrentQueue<(string Path, string Authorization)> seen = new();
    private readonly string folder = Directory.CreateTempSubdirectory("kms-").FullName;
    private LoopbackServer google = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        google = await LoopbackServer.StartAsync(HandleAsync, certificates.Issue("127.0.0.1"));
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), certificates.Pem, Ending);
    }

    public async ValueTask DisposeAsync()
    {
        await google.DisposeAsync();
        certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_file_is_sealed_and_opened_with_the_key_of_a_service_account()
    {
        var keyring = Keyring(new KeyServiceCredentials { Variables = Variables(), Items = Item() });
        var file = await SealAsync(keyring, Key);
        var entry = Assert.Single(file.Metadata.KeyGroups[0].Keys);
        Assert.Equal(Key, entry.Field("resource_id"));
        Assert.NotEmpty(Convert.FromBase64String(entry.Wrapped));
        using var open = await file.OpenAsync(keyring, MacCheck.Required, null, Ending);
        Assert.Equal("a: b\n", Encoding.UTF8.GetString(open.Plain.ToBytes()));
        // One login serves both.
        Assert.Equal(["/token", $"/v1/{Key}:encrypt", $"/v1/{Key}:decrypt"], seen.Select(request => request.Path));
    }

    [Fact]
    public async Task A_token_in_a_variable_is_used_as_it_is()
    {
        var variables = Variables();
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = "ya29.given";
        await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true }), Key);
        Assert.Equal("Bearer ya29.given", Assert.Single(seen).Authorization);
    }

    [Fact]
    public async Task A_key_file_or_its_path_in_a_variable_counts()
    {
        var path = Path.Combine(folder, "key.json");
        await File.WriteAllTextAsync(path, GoogleSetUp.KeyFileFor(google.Address), Ending);
        foreach (var given in new[] { path, GoogleSetUp.KeyFileFor(google.Address) })
        {
            var variables = Variables();
            variables["GOOGLE_CREDENTIALS"] = given;
            await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true }), Key);
        }
    }

    [Fact]
    public async Task Default_credentials_count_where_the_surroundings_do_and_nowhere_else()
    {
        var path = Path.Combine(folder, "key.json");
        await File.WriteAllTextAsync(path, GoogleSetUp.KeyFileFor(google.Address), Ending);
        var variables = Variables();
        variables["GOOGLE_APPLICATION_CREDENTIALS"] = path;
        await SealAsync(Keyring(new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true }), Key);
        Assert.Equal(2, seen.Count);
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(new KeyServiceCredentials { Variables = variables }), Key));
        Assert.Contains("they take an item sops.gcp-kms", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, seen.Count);
    }

    [Theory]
    [InlineData("projects/p/locations/global/keyRings/sops/cryptoKeys/../../../../other")]
    [InlineData("projects/p/secrets/db/versions/1")]
    [InlineData("")]
    public async Task A_name_that_is_no_key_goes_into_no_address(string name)
    {
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(Keyring(new KeyServiceCredentials { Variables = Variables(), Items = Item() }), name));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.Empty(seen);
    }

    private static SopsKeyring Keyring(KeyServiceCredentials credentials)
    {
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);
        var kind = KeyServiceCatalog.All.Single(known => known.Name == MasterKeyKind.GcpKms);
        return new SopsKeyringBuilder().Add(kind.Source(() => new KeyServiceContext(credentials, http, new CallLog(), TimeProvider.System))).Build();
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS"] = google.Address.ToString(),
        ["CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"] = Path.Combine(folder, "ca.pem"),
    };

    private Dictionary<string, string> Item() => new(StringComparer.Ordinal) { ["sops.gcp-kms"] = GoogleSetUp.KeyFileFor(google.Address) };

    private static async Task<SopsFile> SealAsync(SopsKeyring keyring, string key)
    {
        using var plain = PlainFile.Parse("a: b\n"u8, SopsFormat.Yaml);
        var fields = new MapNode();
        fields.Add("resource_id", ScalarNode.Text(key));
        return await SopsFile.SealAsync(plain, new SealingOptions([new KeyGroup([new MasterKey(MasterKeyKind.GcpKms, fields)])]), keyring, TimeProvider.System, Ending);
    }

    /// <summary>As https://cloud.google.com/kms/docs/reference/rest has it; what is wrapped is its own reverse.</summary>
    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        seen.Enqueue((path, context.Request.Headers.Authorization.ToString()));
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(Ending);
        if (path == "/token")
        {
            await context.Response.WriteAsync("""{"access_token":"ya29.kms","expires_in":3600}""", Ending);
            return;
        }
        var isEncryption = path.EndsWith(":encrypt", StringComparison.Ordinal);
        var bytes = Convert.FromBase64String((string)JsonNode.Parse(body)![isEncryption ? "plaintext" : "ciphertext"]!);
        Array.Reverse(bytes);
        await context.Response.WriteAsync(new JsonObject { [isEncryption ? "ciphertext" : "plaintext"] = Convert.ToBase64String(bytes) }.ToJsonString(), Ending);
    }
}
