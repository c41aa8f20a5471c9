using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>Where the API server keeps the objects of a kind. It is asked once for each kind that it has.</summary>
internal sealed partial class ManifestKinds(KubeClient kube)
{
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), KubeResource> known = new();

    /// <summary>Whether it can be an <c>apiVersion</c> at all.</summary>
    public static bool IsApiVersion(string text) => Pattern().IsMatch(text);

    /// <returns>null when the API server has no such kind.</returns>
    /// <exception cref="KubeApiException">It does not say.</exception>
    public async Task<KubeResource?> FindAsync(TargetManifest manifest, CancellationToken cancellationToken)
    {
        var (apiVersion, kind) = (manifest.ApiVersion, manifest.Kind);
        if (known.TryGetValue((apiVersion, kind), out var found)) return found;
        try
        {
            var served = await kube.DiscoverAsync(apiVersion, cancellationToken).ConfigureAwait(false);
            return Find(served, apiVersion, kind) is { } resource ? known[(apiVersion, kind)] = resource : null;
        }
        catch (KubeApiException absent) when (absent.IsNotFound)
        {
            return null;
        }
    }

    private static KubeResource? Find(JsonObject served, string apiVersion, string kind)
    {
        var (group, version) = apiVersion.Split('/') is [var before, var after] ? (before, after) : ("", apiVersion);
        foreach (var entry in (served["resources"] as JsonArray ?? []).OfType<JsonObject>())
        {
            // What has a slash is a part of another.
            if (entry["kind"].AsText() != kind || entry["name"].AsText() is not { } plural || plural.Contains('/', StringComparison.Ordinal)) continue;
            return new KubeResource(group, version, plural, entry["namespaced"] is JsonValue namespaced && namespaced.TryGetValue<bool>(out var isNamespaced) && isNamespaced);
        }
        return null;
    }

    [GeneratedRegex("^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[a-z0-9]{1,63}\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
