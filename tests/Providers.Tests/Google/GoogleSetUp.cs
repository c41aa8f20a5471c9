using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>A simulated Google, and stores that speak to it over TLS.</summary>
internal sealed class GoogleSetUp : IAsyncDisposable
{
    public const string Email = "reader@my-project.iam.gserviceaccount.com";
    private static readonly RSA Key = RSA.Create(2048);
    private readonly TestCertificates certificates;

    private GoogleSetUp(TestCertificates certificates, GoogleSimulator google) => (this.certificates, Google) = (certificates, google);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public GoogleSimulator Google { get; }

    public MemoryCluster Cluster { get; } = new("team-a");

    public CallLog Calls { get; } = new();

    /// <summary>Of the controller's environment, on top of where the simulator is.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public GoogleSurroundings Surroundings => new() { Variables = new Dictionary<string, string>(SimulatorVariables().Concat(Variables), StringComparer.Ordinal), Authorities = certificates.Authorities };

    public static async Task<GoogleSetUp> MakeAsync()
    {
        var certificates = new TestCertificates();
        var set = new GoogleSetUp(certificates, await GoogleSimulator.StartAsync(certificates));
        set.Cluster.Put("team-a", "google", "key.json", set.KeyFile());
        return set;
    }

    /// <summary>The key file of a service account, whose tokens the simulator gives.</summary>
    public string KeyFile() => KeyFileFor(Google.Address);

    public static string KeyFileFor(Uri google) => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "my-project",
        ["private_key_id"] = "key-1",
        ["private_key"] = Key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = Email,
        ["token_uri"] = new Uri(google, "token").ToString(),
    }.ToJsonString();

    /// <summary>Whether a JWT is signed by the key of the key file; its claims.</summary>
    public static JsonNode? Claims(string jwt)
    {
        var parts = jwt.Split('.');
        var signed = Encoding.UTF8.GetBytes(parts[0] + "." + parts[1]);
        return Key.VerifyData(signed, System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))
            : null;
    }

    public Task<ISecretSource> OpenAsync(string? auth = null, Action<JsonObject>? change = null, string? @namespace = "team-a")
    {
        var options = new JsonObject
        {
            ["projectID"] = "my-project",
            ["auth"] = JsonNode.Parse(auth ?? """{"secretRef":{"secretAccessKeySecretRef":{"name":"google","key":"key.json"}}}"""),
        };
        change?.Invoke(options);
        using var document = JsonDocument.Parse(options.ToJsonString());
        var store = new StoreDescription(@namespace is null ? "ClusterSecretStore" : "SecretStore", "google", @namespace, document.RootElement.Clone());
        var provider = new GoogleProvider(Surroundings);
        Assert.Empty(provider.Check(store));
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System);
        return provider.OpenAsync(new StoreContext(store, Cluster, http, Calls, null, Time), TestContext.Current.CancellationToken);
    }

    public void Put(string key, params string[] versions)
    {
        foreach (var version in versions) Google.Secret("projects/my-project/secrets/" + key).Add(Encoding.UTF8.GetBytes(version));
    }

    public async ValueTask DisposeAsync()
    {
        await Google.DisposeAsync();
        certificates.Dispose();
    }

    private Dictionary<string, string> SimulatorVariables()
    {
        string[] services = ["SECRETMANAGER", "STS", "IAMCREDENTIALS", "SECURETOKEN", "CLOUDKMS"];
        var variables = services.ToDictionary(service => "CLOUDSDK_API_ENDPOINT_OVERRIDES_" + service, _ => Google.Address.ToString(), StringComparer.Ordinal);
        variables["GCE_METADATA_HOST"] = Google.MetadataHost;
        return variables;
    }
}
