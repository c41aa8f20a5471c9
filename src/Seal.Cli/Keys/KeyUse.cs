using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>Which keys the SealedSecrets of a cluster need.</summary>
internal sealed class KeyUse
{
    private readonly Dictionary<string, List<string>> _byFingerprint = new(StringComparer.Ordinal);
    private readonly List<string> _untold = [];

    private KeyUse() { }

    /// <summary>
    /// Objects, as namespace/name, of which it is not known what they need now: never opened, opened by the original's controller, or
    /// changed since they were opened. After a failure the status goes on naming the keys of the last success.
    /// </summary>
    public IReadOnlyList<string> Untold => _untold;

    public IReadOnlyList<string> Needing(string? fingerprint) => fingerprint is not null && _byFingerprint.TryGetValue(fingerprint, out var names) ? names : [];

    public static KeyUse Of(IEnumerable<JsonObject> sealedSecrets)
    {
        var use = new KeyUse();
        foreach (var sealedSecret in sealedSecrets)
        {
            var metadata = sealedSecret["metadata"] as JsonObject;
            var name = $"{metadata.Text("namespace")}/{metadata.Text("name")}";
            var status = sealedSecret["status"] as JsonObject;
            var keys = status.Texts("sealingKeys");
            var isOfNow = IsSynced(status) && JsonNode.DeepEquals(status?["observedGeneration"], metadata?["generation"]);
            if (keys.Count == 0 || !isOfNow) use._untold.Add(name);
            foreach (var key in keys)
            {
                if (!use._byFingerprint.TryGetValue(key, out var names)) use._byFingerprint[key] = names = [];
                names.Add(name);
            }
        }
        return use;
    }

    private static bool IsSynced(JsonObject? status) =>
        (status?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => condition.Text("type") == "Synced").Text("status") == "True";
}
