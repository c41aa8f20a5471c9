using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>The Secrets of one namespace of an API server, with one identity there.</summary>
internal sealed class KubernetesSource(KubernetesClient client, string remoteNamespace, KubernetesPush push) : IFind, IPush, IValidate
{
    /// <summary>Without the version: Secrets have none.</summary>
    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, null, reference.FetchMetadata);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(remoteNamespace, request.Key, cancellationToken).ConfigureAwait(false) is not { } secret) return null;
        if (!request.FetchMetadata) return KubernetesSecret.OfData(request.Key, secret);
        Zero(secret);
        return KubernetesSecret.OfMetadata(request.Key, secret);
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        if (request.Name is null && request.Tags.Count == 0) throw new ProviderException(ProviderFailureKind.Invalid, "find needs a name or tags");
        var name = request.ParseName();
        var found = new SecretValues();
        foreach (var secret in await client.ListAsync(remoteNamespace, request.Tags, cancellationToken).ConfigureAwait(false))
        {
            using var data = new SecretValues();
            foreach (var (key, value) in secret.Data ?? []) data.Set(key, value ?? []);
            // The tags once more: one with a comma in it would have been another selector.
            var matches = (name is null || name.IsMatch(secret.Metadata.Name!)) && request.Tags.All(tag => secret.Metadata.Labels?.GetValueOrDefault(tag.Key) == tag.Value);
            if (matches) found.Set(secret.Metadata.Name!, KubernetesSecret.Json(data));
        }

        return found;
    }

    public IEnumerable<string> Unused(FindRequest request) => request.UnusedPath;

    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var wishes = KubernetesPush.WishesOf(request);
        var existing = await client.FindAsync(push.NamespaceOf(wishes), request.Place.Key, cancellationToken).ConfigureAwait(false);
        var wanted = push.Wanted(existing, request, wishes);
        if (existing is null) await client.CreateAsync(wanted, cancellationToken).ConfigureAwait(false);
        else if (!ReferenceEquals(existing, wanted)) await client.UpdateAsync(wanted, cancellationToken).ConfigureAwait(false);
        if (existing is not null) Zero(existing);
    }

    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(push.NamespaceOf(place), place.Key, cancellationToken).ConfigureAwait(false) is not { } existing) return;
        if (string.IsNullOrEmpty(place.Property))
        {
            await client.DeleteAsync(existing, cancellationToken).ConfigureAwait(false);
        }
        else if (existing.Data?.ContainsKey(place.Property) == true)
        {
            var rest = new SortedDictionary<string, byte[]?>(existing.Data, StringComparer.Ordinal);
            rest.Remove(place.Property);
            if (rest.Count == 0) await client.DeleteAsync(existing, cancellationToken).ConfigureAwait(false);
            else await client.UpdateAsync(existing with { Data = rest }, cancellationToken).ConfigureAwait(false);
        }

        Zero(existing);
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(push.NamespaceOf(place), place.Key, cancellationToken).ConfigureAwait(false) is not { } existing) return false;
        Zero(existing);
        return string.IsNullOrEmpty(place.Property) || existing.Data?.ContainsKey(place.Property) == true;
    }

    public async Task<string?> FindUidAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(push.NamespaceOf(place), place.Key, cancellationToken).ConfigureAwait(false) is not { } existing) return null;
        Zero(existing);
        return existing.Metadata.Uid;
    }

    /// <summary>The namespace.</summary>
    public string LocationOf(RemotePlace place) => push.NamespaceOf(place);

    /// <summary>The rules first, as the original; where an authorizer cannot list them, the one question that matters.</summary>
    public async Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rules = await client.ReviewAsync("SelfSubjectRulesReview", new JsonObject { ["namespace"] = remoteNamespace }, cancellationToken).ConfigureAwait(false);
            if ((rules["resourceRules"] as JsonArray ?? []).OfType<JsonObject>().Any(GrantsReading)) return StoreValidity.Valid;
            var question = new JsonObject { ["resourceAttributes"] = new JsonObject { ["namespace"] = remoteNamespace, ["verb"] = "get", ["resource"] = "secrets" } };
            var access = await client.ReviewAsync("SelfSubjectAccessReview", question, cancellationToken).ConfigureAwait(false);
            return access["allowed"] is JsonValue allowed && allowed.TryGetValue<bool>(out var may) && may
                ? StoreValidity.Valid
                : StoreValidity.Invalid("client is not allowed to get secrets");
        }
        catch (ProviderException failure)
        {
            return StoreValidity.Invalid($"could not verify if client is valid: {failure.Message}");
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }

    // A rule for single Secrets by name grants them, and is enough for a store that is used for those.
    private static bool GrantsReading(JsonObject rule) =>
        Has(rule, "resources", "secrets") && Has(rule, "verbs", "get") && (rule["apiGroups"] is not JsonArray { Count: > 0 } || Has(rule, "apiGroups", ""));

    private static bool Has(JsonObject rule, string list, string wanted) =>
        (rule[list] as JsonArray ?? []).OfType<JsonValue>().Any(entry => entry.TryGetValue<string>(out var text) && (text == wanted || text == "*"));

    private static void Zero(Secret secret)
    {
        foreach (var value in secret.Data?.Values ?? Enumerable.Empty<byte[]?>()) CryptographicOperations.ZeroMemory(value);
    }
}
