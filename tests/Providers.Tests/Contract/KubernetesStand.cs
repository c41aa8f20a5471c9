using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Kubernetes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>A namespace of a cluster, and a service account that may do anything to the Secrets there.</summary>
internal sealed class KubernetesStand(ITestCluster cluster) : ContractStand
{
    private KubernetesSetUp set = null!;

    public override string Name => "kubernetes";

    public override Uri Server => cluster.Address;

    public async Task<ContractStand> StartAsync()
    {
        set = await KubernetesSetUp.MakeAsync(cluster);
        var token = await set.Credentials.ReadSecretKeyAsync(Namespace, "login", "token", TestContext.Current.CancellationToken);
        Cluster.Put(Namespace, "login", "token", Encoding.UTF8.GetString(token));
        return this;
    }

    public override JsonObject Options() => OptionsFor(cluster.Address, cluster.CertificateAuthorityPem);

    public override JsonObject OptionsFor(Uri server, string authorityPem) => new()
    {
        ["server"] = new JsonObject { ["url"] = server.ToString(), ["caBundle"] = Base64(authorityPem) },
        ["remoteNamespace"] = set.Namespace,
        ["auth"] = new JsonObject { ["token"] = new JsonObject { ["bearerToken"] = new JsonObject { ["name"] = "login", ["key"] = "token" } } },
    };

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values) => set.ReplaceAsync(key, values);

    public override async Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        await PushAsync(new(key, "item"), bytes);
        return new(key, "item");
    }

    public override async Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value)
    {
        await set.PutAsync(key, values, new Dictionary<string, string>(StringComparer.Ordinal) { [tag] = value });
        return new(key, "labels." + tag, FetchMetadata: true);
    }

    public override async Task RotateAsync() => Cluster.Put(Namespace, "login", "token", await set.RenewAccountAsync());

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, "item"), new(key, "item"));

    public override ValueTask DisposeAsync()
    {
        set.Dispose();
        return base.DisposeAsync();
    }
}
