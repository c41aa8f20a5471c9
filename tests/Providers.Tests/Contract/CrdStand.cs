using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>ConfigMaps of a cluster. What is read of objects is shown by <c>CrdProviderTests</c>: their values lie deeper than those of the contract.</summary>
internal sealed class CrdStand(ITestCluster cluster) : ContractStand
{
    public override string Name => "crd";

    public override Uri Server => cluster.Address;

    public override RemoteReference Any => new("credentials", "data.password");

    public override JsonObject Options() => OptionsFor(cluster.Address, cluster.CertificateAuthorityPem);

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        Cluster.Put(Namespace, "login", "token", "of-nobody");
        return new()
        {
            ["server"] = new JsonObject { ["url"] = server.ToString(), ["caBundle"] = Base64(authorityPem) },
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "ConfigMap" },
            ["auth"] = new JsonObject { ["token"] = new JsonObject { ["bearerToken"] = new JsonObject { ["name"] = "login", ["key"] = "token" } } },
        };
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values) => throw new NotSupportedException();

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => throw new NotSupportedException();
}
