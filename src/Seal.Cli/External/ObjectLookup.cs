using System.Net;
using System.Text.Json.Nodes;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>Finds an object among those at hand or, where that was asked for, in the cluster.</summary>
internal sealed class ObjectLookup(ObjectsAtHand hand, ClusterAccess? cluster)
{
    /// <summary>For an error about something that is not there.</summary>
    public string Remedy => cluster is null ? "; it is not in the input: name a file with it (--stores, --resources), or use --from-cluster" : "; it is neither in the input nor in the cluster";

    public bool HasCluster => cluster is not null;

    /// <summary>The namespace in which the cluster would see an object that names none; null without a cluster.</summary>
    public string? SpaceOf(string? space) => string.IsNullOrEmpty(space) ? cluster?.DefaultNamespace : space;

    /// <exception cref="KubeStatusException">The cluster refused.</exception>
    /// <exception cref="CommandException">The cluster does not answer.</exception>
    public async Task<ManifestObject?> FindAsync(ObjectKind kind, string? space, string name, CancellationToken cancellationToken)
    {
        if (name is "" or "." or "..") return null;
        if (hand.Find(kind, string.IsNullOrEmpty(space) ? null : space, name) is { } known) return known;
        if (cluster is null) return null;
        var client = await cluster.ClientAsync(cancellationToken);
        try
        {
            var node = await client.GetAsync(kind.Path(SpaceOf(space), name), cancellationToken);
            return new ManifestObject(node, new ManifestPlace("the cluster", 1, 1, 0, Alone: true));
        }
        catch (KubeStatusException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <exception cref="KubeStatusException">The cluster refused.</exception>
    public async Task<JsonObject> RequestTokenAsync(string? space, string serviceAccount, JsonObject request, CancellationToken cancellationToken) =>
        await (await cluster!.ClientAsync(cancellationToken)).CreateAsync(ObjectKind.ServiceAccount.Path(SpaceOf(space), serviceAccount) + "/token", request, cancellationToken);
}
