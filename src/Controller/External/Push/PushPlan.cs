using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>All that is to be written, looked at before anything is.</summary>
/// <param name="Writes">In this order.</param>
/// <param name="Problem">Why it is not more: told once these are written.</param>
internal sealed record PushPlan(IReadOnlyList<(Store Store, PushedSource From, PushEntry Entry)> Writes, PushException? Problem)
{
    /// <summary>What shall lie where.</summary>
    public SortedDictionary<string, SortedDictionary<string, PushSecretData>> Wanted()
    {
        var wanted = PushPlaces.None();
        foreach (var (store, _, entry) in Writes) PushPlaces.Put(wanted, PushStores.KeyOf(store.Identity), entry.Name, entry.Recorded);
        return wanted;
    }
}
