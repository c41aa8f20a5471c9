using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>A store of an operator's own definition: the one that docs/providers/declared.md shows.</summary>
internal sealed class OwnStand : ContractStand
{
    private const string Routes = """
        {"routes":[
            {"request":"POST /login","answer":{"body":{"token":"t","seconds":600}}},
            {"request":"GET /v1/secrets/{key}","found":{"body":{"name":"{key}","value":"{value}"}},"missing":{"status":404,"body":{"error":{"code":"NO_SUCH_SECRET"}}}},
            {"request":"GET /v1/secrets?page=1&size=100","answer":{"body":{"secrets":{"{items}":{"name":"{key}","tags":[]}}}}},
            {"request":"PUT /v1/secrets/{key}","put":{"value":"value"},"answer":{"status":204}},
            {"request":"DELETE /v1/secrets/{key}","drop":true,"answer":{"status":204}}
        ]}
        """;

    private readonly TestCertificates certificates = new();
    private readonly SimulatedStore store = new(JsonNode.Parse(Routes)!.AsObject());
    private readonly OwnGuide guide = new();
    private LoopbackServer server = null!;

    public override string Name => "declared";

    public override Uri Server => server.Address;

    public override IProvider Provider => new DeclaredStores(guide.Definitions);

    public async Task<ContractStand> StartAsync()
    {
        server = await LoopbackServer.StartAsync(store.AnswerAsync, certificates.Issue("127.0.0.1"));
        Cluster.Put(Namespace, "acme", "key", "not-a-key");
        return this;
    }

    public override JsonObject Options() => OptionsFor(server.Address, certificates.Pem);

    public override JsonObject OptionsFor(Uri server, string authorityPem) => new()
    {
        ["definition"] = "acme",
        ["options"] = new JsonObject
        {
            ["address"] = server.ToString(),
            ["team"] = "shop",
            ["caBundle"] = Base64(authorityPem),
            ["auth"] = new JsonObject { ["key"] = new JsonObject { ["name"] = "acme", ["key"] = "key" } },
        },
    };

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        store.Put(key, JsonSerializer.Serialize(values));
        return Task.CompletedTask;
    }

    public override Task RotateAsync()
    {
        Cluster.Put(Namespace, "acme", "key", "rotated");
        store.Replace("not-a-key", "rotated");
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, null), new(key));

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
        guide.Dispose();
        await base.DisposeAsync();
    }
}
