using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Seal.Cli.External;

namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>The ExternalSecrets of a namespace and its SecretStores, as they would stand in Git: nothing that the cluster added.</summary>
internal sealed class DeclaredExternals(ClusterAccess cluster, IReadOnlyList<string> names, string selector)
{
    private static readonly string[] OfTheCluster = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink", "ownerReferences", "finalizers", "deletionTimestamp"];

    public async Task<IReadOnlyList<(string File, JsonObject Manifest)>> ReadAsync(CancellationToken cancellationToken)
    {
        var client = await cluster.ClientAsync(cancellationToken);
        var space = cluster.DefaultNamespace;
        var found = (await client.ListAsync(ObjectKind.ExternalSecret.Path(space), selector, cancellationToken)).Where(item => names.Count == 0 || names.Contains(NameOf(item))).ToList();
        if (names.FirstOrDefault(name => !found.Any(item => NameOf(item) == name)) is { } missing) throw new CommandException($"there is no ExternalSecret {space}/{missing}");
        // Those that a ClusterExternalSecret makes are made again wherever it is.
        found.RemoveAll(item => (item["metadata"]?["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>().Any(owner => owner.Text("kind") == ClusterExternalSecret.ClusterExternalSecretKind));
        var stores = await client.ListAsync(ObjectKind.SecretStore.Path(space), "", cancellationToken);
        return
        [
            .. found.Select(item => (NameOf(item), Clean(item, ExternalSecret.ExternalSecretKind))),
            .. stores.Where(store => found.Any(item => Names(item, NameOf(store)))).Select(store => ("secretstore-" + NameOf(store), Clean(store, SecretStore.SecretStoreKind))),
        ];
    }

    /// <summary>Whether a store is named anywhere in it.</summary>
    private static bool Names(JsonNode? node, string store) => node switch
    {
        JsonObject map => map.Any(entry => (entry.Key is "secretStoreRef" or "storeRef" && entry.Value is JsonObject reference && reference.Text("name") == store
            && reference.Text("kind") is null or SecretStore.SecretStoreKind) || Names(entry.Value, store)),
        JsonArray list => list.Any(item => Names(item, store)),
        _ => false,
    };

    private static JsonObject Clean(JsonObject item, string kind)
    {
        var metadata = (JsonObject)item["metadata"]!.DeepClone();
        foreach (var field in OfTheCluster) metadata.Remove(field);
        if (metadata["annotations"] is JsonObject annotations)
        {
            foreach (var name in annotations.Select(entry => entry.Key).Where(name => name.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal)).ToList()) annotations.Remove(name);
            if (annotations.Count == 0) metadata.Remove("annotations");
        }
        return new JsonObject { ["apiVersion"] = ExternalSecretNames.GroupV1, ["kind"] = kind, ["metadata"] = metadata, ["spec"] = item["spec"]?.DeepClone() };
    }

    private static string NameOf(JsonObject item) => (item["metadata"] as JsonObject).Text("name") ?? "";
}
