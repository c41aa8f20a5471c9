using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Vault;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>A Vault or OpenBao of this machine.</summary>
internal sealed class VaultServerStand : ContractStand
{
    private VaultServer vault = null!;

    public override string Name => "vault";

    public async Task<ContractStand> StartAsync()
    {
        vault = await VaultServer.StartAsync();
        Cluster.Put(Namespace, "vault-token", "token", vault.Token);
        return this;
    }

    public override JsonObject Options() => OptionsFor(vault.Address, vault.Certificates.Pem);

    public override JsonObject OptionsFor(Uri server, string authorityPem) => new()
    {
        ["server"] = server.ToString(),
        ["path"] = "secret",
        ["caBundle"] = Base64(authorityPem),
        ["auth"] = new JsonObject { ["tokenSecretRef"] = new JsonObject { ["name"] = "vault-token", ["key"] = "token" } },
    };

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values) =>
        vault.PutAsync(key, new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))));

    public override async Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        foreach (var value in (string[])[first, second]) await vault.PutAsync(key, new JsonObject { ["password"] = value });
        return (new(key, "password", "1"), new(key, "password", "2"));
    }

    public override async Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value)
    {
        if (!vault.KeepsCustomMetadata) return null;
        await PutAsync(key, values);
        await vault.WriteAsync($"secret/metadata/{key}", new JsonObject { ["custom_metadata"] = new JsonObject { [tag] = value } });
        return new(key, tag, FetchMetadata: true);
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key)
    {
        Assert.SkipUnless(vault.KeepsCustomMetadata, "Vault before 1.9 cannot be pushed to");
        return (new(key, "password"), new(key, "password"));
    }

    public override async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        await base.DisposeAsync();
    }
}
