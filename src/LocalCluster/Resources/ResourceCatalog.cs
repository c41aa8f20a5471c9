using System.Collections.Immutable;
using GitOpsSecrets.LocalCluster.CustomResources;
using GitOpsSecrets.LocalCluster.Schema;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Everything that is served now: the built-in resources and those of the stored CustomResourceDefinitions.</summary>
internal sealed class ResourceCatalog(ObjectStore store, SchemaCatalog schemas)
{
    private readonly IReadOnlyList<ResourceType> builtIn = [.. CoreResources.All(schemas)];
    private readonly Dictionary<StoredObject, IReadOnlyList<ResourceType>> made = [];
    private readonly Lock gate = new();
    private ImmutableSortedDictionary<ObjectKey, StoredObject>? seen;
    private IReadOnlyList<ResourceType> all = [];

    public SchemaCatalog Schemas => schemas;

    public IReadOnlyList<ResourceType> All()
    {
        var definitions = store.Snapshot(CustomResourceRules.Collection).Objects;
        lock (gate)
        {
            if (ReferenceEquals(seen, definitions)) return all;
            foreach (var gone in made.Keys.Except(definitions.Values).ToList()) made.Remove(gone);
            foreach (var definition in definitions.Values)
            {
                if (!made.ContainsKey(definition)) made[definition] = CustomResourceTypes.Of(definition.Json, schemas);
            }

            seen = definitions;
            return all = [.. builtIn, .. definitions.Values.SelectMany(definition => made[definition])];
        }
    }

    public ResourceType? Find(string group, string version, string plural) =>
        All().FirstOrDefault(type => type.Plural == plural && type.Group == group && type.Version == version);

    public ResourceType? FindKind(string apiVersion, string kind) =>
        All().FirstOrDefault(type => type.Kind == kind && type.ApiVersion == apiVersion);

    /// <summary>The type that objects of a collection are stored in.</summary>
    public ResourceType? OfCollection(string collection)
    {
        var types = All().Where(type => type.Collection == collection).ToList();
        return types.Find(type => type.StoredAsServed) ?? types.FirstOrDefault();
    }
}
