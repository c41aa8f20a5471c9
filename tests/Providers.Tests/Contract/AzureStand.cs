using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Azure;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

internal sealed class AzureStand : ContractStand
{
    private readonly TestCertificates certificates = new();
    private AzureSimulator azure = null!;

    public override string Name => "azurekv";

    public override Uri Server => azure.Address;

    public async Task<ContractStand> StartAsync()
    {
        azure = await AzureSimulator.StartAsync(TimeProvider.System, certificates);
        azure.Accept("application", "password");
        Cluster.Put(Namespace, "azure", "id", "application");
        Cluster.Put(Namespace, "azure", "password", "password");
        return this;
    }

    public override JsonObject Options() => OptionsFor(azure.Address, certificates.Pem);

    /// <summary>The login stays with the simulator: it is the vault that misbehaves.</summary>
    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(certificates.Pem);
        trusted.ImportFromPem(authorityPem);
        Authorities = trusted;
        return new JsonObject
        {
            ["vaultUrl"] = server.ToString(),
            ["tenantId"] = AzureSimulator.Tenant,
            ["environmentType"] = "AzureStackCloud",
            ["customCloudConfig"] = new JsonObject { ["activeDirectoryEndpoint"] = azure.Address.ToString(), ["keyVaultEndpoint"] = azure.Resource },
            ["authSecretRef"] = new JsonObject
            {
                ["clientId"] = new JsonObject { ["name"] = "azure", ["key"] = "id" },
                ["clientSecret"] = new JsonObject { ["name"] = "azure", ["key"] = "password" },
            },
        };
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        azure.PutSecret(key, JsonSerializer.Serialize(values));
        return Task.CompletedTask;
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        var versions = ((string[])[first, second]).Select(value => azure.PutSecret(key, value)["id"]!.GetValue<string>().Split('/')[^1]).ToList();
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, null, versions[0]), new(key, null, versions[1])));
    }

    public override Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value)
    {
        azure.PutSecret(key, JsonSerializer.Serialize(values), new JsonObject { [tag] = value });
        return Task.FromResult<RemoteReference?>(new(key, tag, FetchMetadata: true));
    }

    /// <summary>It is the vault that refuses, and a login is all that is asked for.</summary>
    public override StoreValidityKind ValidityWhenRefused => StoreValidityKind.Valid;

    public override Task RotateAsync()
    {
        azure.Accept("application", "rotated");
        azure.ForgetTokens();
        Cluster.Put(Namespace, "azure", "password", "rotated");
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, null), new(key));

    public override async ValueTask DisposeAsync()
    {
        await azure.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }
}
