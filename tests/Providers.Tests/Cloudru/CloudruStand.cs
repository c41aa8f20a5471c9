using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Cloudru;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Cloudru;

/// <summary>A store has no address of its own, so the provider is told where Cloud.ru is.</summary>
internal sealed class CloudruStand : ContractStand
{
    private readonly TestCertificates certificates = new();
    private CloudruProvider provider = null!;

    public override string Name => "cloudrusm";

    public CloudruSimulator Cloud { get; private set; } = null!;

    public override Uri Server => Cloud.Address;

    public override IProvider Provider => provider;

    public async Task<ContractStand> StartAsync()
    {
        Cloud = await CloudruSimulator.StartAsync(certificates);
        WriteKey();
        provider = Speaking(Cloud.Address, certificates.Authorities);
        return this;
    }

    /// <summary>Asks for the addresses, as every store does that nobody told them to.</summary>
    public void Discover() => provider = new CloudruProvider(new CloudruSurroundings { Discovery = new Uri(Cloud.Address, "endpoints"), Authorities = certificates.Authorities });

    public override JsonObject Options() => new()
    {
        ["auth"] = new JsonObject
        {
            ["secretRef"] = new JsonObject
            {
                ["accessKeyIDSecretRef"] = new JsonObject { ["name"] = "csm", ["key"] = "id" },
                ["accessKeySecretSecretRef"] = new JsonObject { ["name"] = "csm", ["key"] = "secret" },
            },
        },
        ["projectID"] = CloudruSimulator.Project,
    };

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(authorityPem);
        provider = Speaking(server, authorities);
        return Options();
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        Cloud.Put(key, JsonSerializer.SerializeToUtf8Bytes(values));
        return Task.CompletedTask;
    }

    public override Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        Cloud.Put(key, bytes);
        return Task.FromResult<RemoteReference?>(new(key));
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        foreach (var value in (string[])[first, second]) Cloud.Put(key, Encoding.UTF8.GetBytes(value));
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, Version: "1"), new(key, Version: "2")));
    }

    public override Task RotateAsync()
    {
        (Cloud.KeyId, Cloud.KeySecret) = ("rotated-id", "rotated-secret");
        Cloud.ForgetTokens();
        WriteKey();
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => throw new NotSupportedException("it is read only");

    public override async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }

    private static CloudruProvider Speaking(Uri server, X509Certificate2Collection authorities) => new(new CloudruSurroundings { Iam = server.Authority, SecretManager = server.Authority, Authorities = authorities });

    private void WriteKey()
    {
        Cluster.Put(Namespace, "csm", "id", Cloud.KeyId);
        Cluster.Put(Namespace, "csm", "secret", Cloud.KeySecret);
    }
}
