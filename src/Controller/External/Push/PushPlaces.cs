using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What lies where, as <c>status.syncedPushSecrets</c> has it: stores, and in each names.</summary>
internal static class PushPlaces
{
    public static SortedDictionary<string, SortedDictionary<string, PushSecretData>> None() => new(StringComparer.Ordinal);

    public static void Put(SortedDictionary<string, SortedDictionary<string, PushSecretData>> places, string store, string name, PushSecretData data)
    {
        if (!places.TryGetValue(store, out var there)) places[store] = there = new(StringComparer.Ordinal);
        there[name] = data;
    }
}
