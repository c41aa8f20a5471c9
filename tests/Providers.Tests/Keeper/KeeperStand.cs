using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Keeper;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Keeper;

/// <summary>A store has no address of its own, so the provider is told where Keeper is, and by which keys it is known.</summary>
internal sealed class KeeperStand : ContractStand
{
    private readonly TestCertificates certificates = new();
    private KeeperProvider provider = null!;

    public override string Name => "keepersecurity";

    public KeeperSimulator Keeper { get; private set; } = null!;

    public override Uri Server => Keeper.Address;

    public override IProvider Provider => provider;

    public override bool MissingIsFailure => true;

    public async Task<ContractStand> StartAsync()
    {
        Keeper = await KeeperSimulator.StartAsync(certificates);
        Write(Keeper.Configuration());
        provider = Speaking(Keeper.Address, certificates.Authorities);
        return this;
    }

    public void Write(JsonNode configuration) => Cluster.Put(Namespace, "keeper", "config", configuration.ToJsonString());

    public override JsonObject Options() => new()
    {
        ["authRef"] = new JsonObject { ["name"] = "keeper", ["key"] = "config" },
        ["folderID"] = KeeperSimulator.Folder,
        ["getByTitleFallback"] = true,
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
        var custom = new JsonArray([.. values.Select(pair => (JsonNode)new JsonObject { ["type"] = "secret", ["label"] = pair.Key, ["value"] = new JsonArray(pair.Value) })]);
        Keeper.Put(key, new JsonObject { ["title"] = key, ["type"] = "login", ["fields"] = new JsonArray(), ["custom"] = custom }.ToJsonString());
        return Task.CompletedTask;
    }

    public override Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        Keeper.Put(key, """{"title":"picture","type":"file","fields":[]}""", contents: new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["picture.png"] = bytes });
        return Task.FromResult<RemoteReference?>(new(key, "picture.png"));
    }

    public override Task RotateAsync()
    {
        Keeper.Rotate();
        Write(Keeper.Configuration());
        return Task.CompletedTask;
    }

    /// <summary>Records that are pushed get ids of their own, and are read by their titles.</summary>
    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key + "/item", null), new(key, "item"));

    public override async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }

    private KeeperProvider Speaking(Uri server, X509Certificate2Collection authorities) => new(new KeeperSurroundings { Host = server.Authority, ServerKeys = Keeper.ServerKeys, Authorities = authorities });
}
