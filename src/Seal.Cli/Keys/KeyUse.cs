using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>Which keys the SealedSecrets of a cluster need.</summary>
internal sealed class KeyUse
{
    private const int NamesShown = 5;

    private readonly Dictionary<string, List<string>> _byFingerprint = new(StringComparer.Ordinal);
    private readonly List<string> _untold = [];
    private readonly List<string> _silent = [];

    private KeyUse() { }

    /// <summary>Goes on from <see cref="Some"/>.</summary>
    public static string SilenceExplained => "not say by which key: the original's controller does not tell, and ours looks within ten minutes of its start";

    /// <summary><c>2 SealedSecrets (a/b, a/c) VERB</c>.</summary>
    public static string Some(IReadOnlyList<string> names, string one, string many)
    {
        var shown = string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
        return string.Create(CultureInfo.InvariantCulture, $"{names.Count} SealedSecret{(names.Count == 1 ? "" : "s")} ({shown}) {(names.Count == 1 ? one : many)}");
    }

    /// <summary>
    /// Objects, as namespace/name, of which it is not known what they need now: never opened, or changed since they were opened. After a failure the
    /// status goes on naming the keys of the last success.
    /// </summary>
    public IReadOnlyList<string> Untold => _untold;

    /// <summary>Objects that are open, and do not say by which keys: the original's controller notes none.</summary>
    public IReadOnlyList<string> Silent => _silent;

    /// <summary>Objects that name a key other than these, by that key.</summary>
    public IEnumerable<(string Fingerprint, IReadOnlyList<string> Names)> NeedingOtherThan(IReadOnlyCollection<string?> fingerprints) =>
        _byFingerprint.Where(entry => !fingerprints.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, (IReadOnlyList<string>)entry.Value));

    public IReadOnlyList<string> Needing(string? fingerprint) => fingerprint is not null && _byFingerprint.TryGetValue(fingerprint, out var names) ? names : [];

    public static KeyUse Of(IEnumerable<JsonObject> sealedSecrets)
    {
        var use = new KeyUse();
        foreach (var sealedSecret in sealedSecrets)
        {
            var metadata = sealedSecret["metadata"] as JsonObject;
            var name = $"{metadata.Text("namespace")}/{metadata.Text("name")}";
            var status = sealedSecret["status"] as JsonObject;
            var keys = KeysOf(status);
            // Without items there is nothing to open.
            if (keys.Count == 0 && !HasItems(sealedSecret["spec"] as JsonObject)) continue;
            var isOfNow = IsSynced(status) && JsonNode.DeepEquals(status?["observedGeneration"], metadata?["generation"]);
            if (!isOfNow) use._untold.Add(name);
            else if (keys.Count == 0) use._silent.Add(name);
            foreach (var key in keys)
            {
                if (!use._byFingerprint.TryGetValue(key, out var names)) use._byFingerprint[key] = names = [];
                names.Add(name);
            }
        }
        return use;
    }

    /// <summary>Under the original's definition, which has no field for them, they are noted in a condition.</summary>
    private static IReadOnlyList<string> KeysOf(JsonObject? status) => status.Texts("sealingKeys") is { Count: > 0 } keys ? keys : SealedSecretNote.Parse(Condition(status, SealedSecretNote.ConditionType).Text("message")).SealingKeys;

    private static bool HasItems(JsonObject? spec) => spec?["encryptedData"] is JsonObject { Count: > 0 } || spec.Text("data") is { Length: > 0 };

    private static bool IsSynced(JsonObject? status) => Condition(status, "Synced").Text("status") == "True";

    private static JsonObject? Condition(JsonObject? status, string type) => (status?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => condition.Text("type") == type);
}
