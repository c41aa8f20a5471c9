using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Templates;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>
/// What one store may read. The namespace rules are the controller's: a SecretStore reads its own namespace; a cluster store the one that the selector
/// names, else its user's.
/// </summary>
internal sealed class StoreSurroundings(ObjectLookup objects, string? storeNamespace, string? callerNamespace, TimeProvider time) : IStoreCluster
{
    public string? CallerNamespace => storeNamespace ?? callerNamespace;

    public async Task<byte[]> ReadSecretKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken)
    {
        using var secret = await ReadSecretAsync(@namespace, name, cancellationToken);
        return [.. secret.Values.Find(key) ?? throw Missing($"Secret {secret} has no key {key}")];
    }

    public async Task<ClusterSecret> ReadSecretAsync(string? @namespace, string name, CancellationToken cancellationToken)
    {
        var found = await FindAsync(ObjectKind.Secret, @namespace, name, cancellationToken);
        var values = new SecretValues();
        foreach (var (key, value) in TemplateResources.Texts(found)) values.Set(key, value);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Strings(found, "labels")) labels[key] = value;
        return new ClusterSecret(Space(@namespace) ?? "", name, labels, values);
    }

    public async Task<string> ReadConfigMapKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken)
    {
        var found = await FindAsync(ObjectKind.ConfigMap, @namespace, name, cancellationToken);
        return TemplateResources.Texts(found).TryGetValue(key, out var text) ? Encoding.UTF8.GetString(text) : throw Missing($"ConfigMap {name} has no key {key}");
    }

    public async Task<IReadOnlyDictionary<string, string>> ReadServiceAccountAnnotationsAsync(string? @namespace, string name, CancellationToken cancellationToken) =>
        Strings(await FindAsync(ObjectKind.ServiceAccount, @namespace, name, cancellationToken), "annotations").ToDictionary(StringComparer.Ordinal);

    public async Task<ServiceAccountToken> RequestTokenAsync(
        string? @namespace, string serviceAccount, IReadOnlyList<string> audiences, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (!objects.HasCluster) throw Missing($"a token of ServiceAccount {serviceAccount} comes from a cluster: use --from-cluster");
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]), ["expirationSeconds"] = (long)lifetime.TotalSeconds },
        };
        try
        {
            var status = (await objects.RequestTokenAsync(Space(@namespace), serviceAccount, request, cancellationToken))["status"] as JsonObject;
            var token = status.Text("token") ?? throw Missing($"the API server gave no token for ServiceAccount {serviceAccount}");
            return new ServiceAccountToken(token, status.Text("expirationTimestamp") is { } end ? DateTimeOffset.Parse(end, CultureInfo.InvariantCulture) : time.GetUtcNow() + lifetime);
        }
        catch (KubeStatusException refused)
        {
            throw Refused($"a token of ServiceAccount {serviceAccount}", refused);
        }
    }

    public Task<ServiceAccountToken> ReadControllerTokenAsync(CancellationToken cancellationToken) =>
        Task.FromException<ServiceAccountToken>(Missing("the controller's own service account is not to be had outside the cluster: name a serviceAccountRef"));

    private async Task<ManifestObject> FindAsync(ObjectKind kind, string? @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            var space = Space(@namespace);
            return await objects.FindAsync(kind, space, name, cancellationToken) ?? throw Missing($"{kind} {(space is null ? name : $"{space}/{name}")} is not there{objects.Remedy}");
        }
        catch (KubeStatusException refused)
        {
            throw Refused($"{kind} {name}", refused);
        }
    }

    private string? Space(string? @namespace)
    {
        var space = storeNamespace is not null ? storeNamespace : string.IsNullOrEmpty(@namespace) ? callerNamespace : @namespace;
        return string.IsNullOrEmpty(space) ? null : space;
    }

    private static IEnumerable<KeyValuePair<string, string>> Strings(ManifestObject source, string field) =>
        ((source.Node["metadata"] as JsonObject)?[field] as JsonObject ?? [])
            .Where(entry => entry.Value?.GetValueKind() == JsonValueKind.String).Select(entry => KeyValuePair.Create(entry.Key, entry.Value!.GetValue<string>()));

    private static ProviderException Refused(string what, KubeStatusException refused) => new(
        refused.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized ? ProviderFailureKind.Denied : ProviderFailureKind.Unavailable, $"{what}: {refused.Message}", refused);

    private static ProviderException Missing(string message) => new(ProviderFailureKind.Invalid, message);
}
