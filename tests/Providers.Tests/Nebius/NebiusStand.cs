using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Nebius;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Nebius;

/// <summary>The services of a store's domain have names of their own, so the provider is told where Nebius is.</summary>
internal sealed class NebiusStand : ContractStand
{
    private readonly TestCertificates certificates = new();
    private NebiusProvider provider = null!;

    public override string Name => "nebiusmysterybox";

    public NebiusSimulator Nebius { get; private set; } = null!;

    public override Uri Server => Nebius.Address;

    public override IProvider Provider => provider;

    public override bool MissingPropertyIsMissingSecret => true;

    public async Task<ContractStand> StartAsync()
    {
        Nebius = await NebiusSimulator.StartAsync(certificates);
        Cluster.Put(Namespace, "nebius", "creds.json", Nebius.KeyFile());
        provider = new NebiusProvider(new NebiusSurroundings { Server = Nebius.Address });
        return this;
    }

    public override JsonObject Options() => OptionsFor(Nebius.Address, certificates.Pem);

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        provider = new NebiusProvider(new NebiusSurroundings { Server = server });
        Cluster.Put(Namespace, "nebius-ca", "ca.crt", authorityPem);
        return new()
        {
            ["apiDomain"] = "api.nebius.example",
            ["auth"] = new JsonObject { ["serviceAccountCredsSecretRef"] = new JsonObject { ["name"] = "nebius", ["key"] = "creds.json" } },
            ["caProvider"] = new JsonObject { ["certSecretRef"] = new JsonObject { ["name"] = "nebius-ca", ["key"] = "ca.crt" } },
        };
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        Nebius.Put(key, "", [.. values.Select(pair => (pair.Key, Encoding.UTF8.GetBytes(pair.Value), true))]);
        return Task.CompletedTask;
    }

    public override Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        Nebius.Put(key, "", ("bytes", bytes, false));
        return Task.FromResult<RemoteReference?>(new(key, "bytes"));
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        Nebius.Put(key, "version-1", ("value", Encoding.UTF8.GetBytes(first), true));
        Nebius.Put(key, "version-2", ("value", Encoding.UTF8.GetBytes(second), true));
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, "value", "version-1"), new(key, "value", "version-2")));
    }

    public override Task RotateAsync()
    {
        Nebius.Account = "serviceaccount-2";
        Nebius.ForgetTokens();
        Cluster.Put(Namespace, "nebius", "creds.json", Nebius.KeyFile());
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => throw new NotSupportedException("it is read only");

    public override async ValueTask DisposeAsync()
    {
        await Nebius.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }
}
