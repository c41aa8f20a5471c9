using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Tests.Vault;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <param name="name">vault, or openBao, which is the same under another name.</param>
internal sealed class VaultStand(string name = "vault") : ContractStand
{
    private readonly TestCertificates certificates = new();
    private VaultSimulator vault = null!;

    public override string Name => name;

    public override Uri Server => vault.Address;

    public async Task<ContractStand> StartAsync()
    {
        vault = await VaultSimulator.StartAsync(TimeProvider.System, certificates);
        vault.AddToken("hvs.contract");
        Cluster.Put(Namespace, "vault-token", "token", "hvs.contract");
        return this;
    }

    public override JsonObject Options() => OptionsFor(vault.Address, certificates.Pem);

    public override JsonObject OptionsFor(Uri server, string authorityPem) => new()
    {
        ["server"] = server.ToString(),
        ["path"] = "secret",
        ["caBundle"] = Base64(authorityPem),
        ["auth"] = new JsonObject { ["tokenSecretRef"] = new JsonObject { ["name"] = "vault-token", ["key"] = "token" } },
    };

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        vault.Put("secret/" + key, JsonSerializer.Serialize(values));
        return Task.CompletedTask;
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        foreach (var value in (string[])[first, second]) vault.Put("secret/" + key, JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = value }));
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, "password", "1"), new(key, "password", "2")));
    }

    public override Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value)
    {
        vault.Put("secret/" + key, JsonSerializer.Serialize(values));
        vault.Describe("secret/" + key, new JsonObject { [tag] = value }.ToJsonString());
        return Task.FromResult<RemoteReference?>(new(key, tag, FetchMetadata: true));
    }

    public override Task RotateAsync()
    {
        vault.ForgetTokens();
        vault.AddToken("hvs.rotated");
        Cluster.Put(Namespace, "vault-token", "token", "hvs.rotated");
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, "password"), new(key, "password"));

    public override async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }
}
