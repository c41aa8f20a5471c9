using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>Which keys the SealedSecrets of a cluster need.</summary>
internal sealed class KeyUse
{
    private readonly Dictionary<string, List<string>> _byFingerprint = new(StringComparer.Ordinal);
    private readonly List<string> _untold = [];

    private KeyUse() { }

    /// <summary>Objects, as namespace/name, whose status names no key: never opened, or opened by the original's controller.</summary>
    public IReadOnlyList<string> Untold => _untold;

    public IReadOnlyList<string> Needing(string? fingerprint) => fingerprint is not null && _byFingerprint.TryGetValue(fingerprint, out var names) ? names : [];

    public static KeyUse Of(IEnumerable<JsonObject> sealedSecrets)
    {
        var use = new KeyUse();
        foreach (var sealedSecret in sealedSecrets)
        {
            var metadata = sealedSecret["metadata"] as JsonObject;
            var name = $"{metadata.Text("namespace")}/{metadata.Text("name")}";
            var keys = (sealedSecret["status"] as JsonObject).Texts("sealingKeys");
            if (keys.Count == 0) use._untold.Add(name);
            foreach (var key in keys)
            {
                if (!use._byFingerprint.TryGetValue(key, out var names)) use._byFingerprint[key] = names = [];
                names.Add(name);
            }
        }
        return use;
    }
}
