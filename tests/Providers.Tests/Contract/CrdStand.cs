using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Crd;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>ConfigMaps of a cluster. What is read of objects is shown by <c>CrdProviderTests</c>: their values lie deeper than those of the contract.</summary>
internal sealed class CrdStand(ITestCluster cluster) : ContractStand
{
    private CrdSetUp? set;
    private string storesNamespace = Namespace;

    public override string Name => "crd";

    public override Uri Server => cluster.Address;

    public override RemoteReference Any => Reference("credentials");

    /// <summary>With ConfigMaps that the store may read.</summary>
    /// <param name="ofTheStore">The namespace that it is in.</param>
    public async Task<ContractStand> StartAsync(string ofTheStore)
    {
        (storesNamespace, set) = (ofTheStore, await CrdSetUp.MakeAsync(cluster));
        await set.GrantAllAsync();
        var token = await set.Credentials.ReadSecretKeyAsync(set.Namespace, "login", "token", TestContext.Current.CancellationToken);
        Cluster.Put(Namespace, "login", "token", Encoding.UTF8.GetString(token));
        return this;
    }

    public override JsonObject Options() => OptionsFor(cluster.Address, cluster.CertificateAuthorityPem);

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        if (set is null) Cluster.Put(Namespace, "login", "token", "of-nobody");
        return new()
        {
            ["server"] = new JsonObject { ["url"] = server.ToString(), ["caBundle"] = Base64(authorityPem) },
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "ConfigMap" },
            ["auth"] = new JsonObject { ["token"] = new JsonObject { ["bearerToken"] = new JsonObject { ["name"] = "login", ["key"] = "token" } } },
        };
    }

    public override RemoteReference Reference(string key) => new(key, "data.password");

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values) => set!.ReplaceAsync(key, values, storesNamespace);

    public override async Task RotateAsync() => Cluster.Put(Namespace, "login", "token", await set!.RenewAccountAsync());

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => throw new NotSupportedException();

    public override ValueTask DisposeAsync()
    {
        set?.Dispose();
        return base.DisposeAsync();
    }
}
