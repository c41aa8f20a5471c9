using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Tests.Google;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>A store has no address of its own, so the provider is told where Google is.</summary>
internal sealed class GoogleStand : ContractStand
{
    private const string Parent = "projects/my-project/secrets/";
    private readonly TestCertificates certificates = new();
    private GoogleSimulator google = null!;
    private GoogleProvider provider = null!;

    public override string Name => "gcpsm";

    public override Uri Server => google.Address;

    public override IProvider Provider => provider;

    public async Task<ContractStand> StartAsync()
    {
        google = await GoogleSimulator.StartAsync(certificates);
        Cluster.Put(Namespace, "google", "key.json", GoogleSetUp.KeyFileFor(google.Address));
        provider = Speaking(google.Address, certificates.Authorities);
        return this;
    }

    public override JsonObject Options() => new()
    {
        ["projectID"] = "my-project",
        ["auth"] = new JsonObject { ["secretRef"] = new JsonObject { ["secretAccessKeySecretRef"] = new JsonObject { ["name"] = "google", ["key"] = "key.json" } } },
    };

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        // Tokens still come from the simulator, by its port without TLS: the other server has an authority of its own.
        Cluster.Put(Namespace, "google", "key.json", GoogleSetUp.KeyFileFor(new Uri($"http://{google.MetadataHost}/")));
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(authorityPem);
        provider = Speaking(server, authorities);
        return Options();
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        google.Secret(Parent + key).Add(JsonSerializer.SerializeToUtf8Bytes(values));
        return Task.CompletedTask;
    }

    public override Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        google.Secret(Parent + key).Add(bytes);
        return Task.FromResult<RemoteReference?>(new(key));
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        foreach (var value in (string[])[first, second]) google.Secret(Parent + key).Add(Encoding.UTF8.GetBytes(value));
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, Version: "1"), new(key, Version: "2")));
    }

    public override Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value)
    {
        google.Secret(Parent + key).Add(JsonSerializer.SerializeToUtf8Bytes(values));
        google.Secret(Parent + key).Labels[tag] = value;
        return Task.FromResult<RemoteReference?>(new(key, "labels." + tag, FetchMetadata: true));
    }

    /// <summary>Its tokens come from elsewhere, and a token is all that is asked for.</summary>
    public override StoreValidityKind ValidityWhenRefused => StoreValidityKind.Valid;

    public override Task RotateAsync()
    {
        const string Rotated = "rotated@my-project.iam.gserviceaccount.com";
        google.Accepts = fields => (string?)GoogleSetUp.Claims(fields["assertion"])?["iss"] == Rotated;
        google.ForgetTokens();
        var key = JsonNode.Parse(GoogleSetUp.KeyFileFor(new Uri($"http://{google.MetadataHost}/")))!;
        key["client_email"] = Rotated;
        Cluster.Put(Namespace, "google", "key.json", key.ToJsonString());
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, null), new(key));

    public override async ValueTask DisposeAsync()
    {
        await google.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }

    private static GoogleProvider Speaking(Uri server, X509Certificate2Collection authorities) => new(new GoogleSurroundings
    {
        Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"] = server.ToString() },
        Authorities = authorities,
    });
}
