using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// What one opened store may read of the cluster, and the memory of what it read. A SecretStore reads its own namespace only. A cluster store reads
/// the namespace that the selector names, or else its user's; once it did that, it serves that user's namespace and no other.
/// </summary>
internal sealed class StoreCluster : IStoreCluster
{
    private const string ControllerTokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    private static readonly TimeSpan ControllerTokenLife = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly List<ClusterRecord> records = [];
    private readonly KubeClient kube;
    private readonly string? storeNamespace;
    private readonly string? callerNamespace;
    private readonly TimeProvider time;
    private bool shared;

    public StoreCluster(KubeClient kube, string? storeNamespace, string? callerNamespace, TimeProvider time)
    {
        (this.kube, this.storeNamespace, this.callerNamespace, this.time) = (kube, storeNamespace, callerNamespace, time);
        Accounts = new AccountsRead((place, stop) => ReadAsync(ExternalKinds.ServiceAccounts, "ServiceAccount", place, stop), time);
    }

    /// <summary>The service accounts among what was read.</summary>
    public AccountsRead Accounts { get; }

    public string? CallerNamespace
    {
        get
        {
            if (storeNamespace is not null) return storeNamespace;
            // What was told whom it serves serves nobody else.
            lock (gate)
            {
                if (shared) throw Missing("the namespace of the caller is asked for after the store was opened for all");
                IsReferent = true;
            }
            return callerNamespace;
        }
    }

    /// <summary>Whether something was read on behalf of the caller alone.</summary>
    public bool IsReferent { get; private set; }

    /// <summary>Whether other namespaces than the first caller's are served.</summary>
    public bool IsShared
    {
        get { lock (gate) return shared; }
    }

    /// <summary>Raised, with what was read, after each reading.</summary>
    public event Action<ClusterRecord>? WasRead;

    public IReadOnlyList<ClusterRecord> Records
    {
        get { lock (gate) return [.. records]; }
    }

    /// <summary>From now on other namespaces are served too; reading on the first caller's behalf would give them what is his.</summary>
    /// <returns><c>false</c> when that has happened already.</returns>
    public bool Share()
    {
        lock (gate) return shared = !IsReferent;
    }

    public async Task<byte[]> ReadSecretKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken)
    {
        using var secret = await ReadSecretAsync(@namespace, name, cancellationToken).ConfigureAwait(false);
        return [.. secret.Values.Find(key) ?? throw Missing($"Secret {secret} has no key {key}")];
    }

    public async Task<ClusterSecret> ReadSecretAsync(string? @namespace, string name, CancellationToken cancellationToken)
    {
        var place = Place(@namespace, name);
        var secret = await ReadAsync(ClusterKinds.Secrets, "Secret", place, cancellationToken).ConfigureAwait(false);
        Record(new ClusterRecord(IsSecret: true, place, secret?.Metadata.ResourceVersion));
        if (secret is null) throw Missing($"Secret {place} is not there");
        var values = new SecretValues();
        foreach (var (key, value) in secret.Data ?? []) values.Set(key, value ?? []);
        return new ClusterSecret(place.Namespace, place.Name, secret.Metadata.Labels ?? [], values);
    }

    public async Task<string> ReadConfigMapKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken)
    {
        var place = Place(@namespace, name);
        var found = await ReadAsync(ExternalKinds.ConfigMaps, "ConfigMap", place, cancellationToken).ConfigureAwait(false);
        Record(new ClusterRecord(IsSecret: false, place, found is null ? null : ExternalKinds.ConfigMaps.ResourceVersion(found)));
        if (found is null) throw Missing($"ConfigMap {place} is not there");
        if (found["data"]?[key]?.GetValue<string>() is { } text) return text;
        if (found["binaryData"]?[key]?.GetValue<string>() is { } binary) return Encoding.UTF8.GetString(Convert.FromBase64String(binary));
        throw Missing($"ConfigMap {place} has no key {key}");
    }

    public async Task<IReadOnlyDictionary<string, string>> ReadServiceAccountAnnotationsAsync(string? @namespace, string name, CancellationToken cancellationToken)
    {
        var place = Place(@namespace, name);
        var found = await ReadAsync(ExternalKinds.ServiceAccounts, "ServiceAccount", place, cancellationToken).ConfigureAwait(false) ?? throw Missing($"ServiceAccount {place} is not there");
        Accounts.Add(place, found);
        return found.Annotations.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
    }

    public async Task<ServiceAccountToken> RequestTokenAsync(
        string? @namespace, string serviceAccount, IReadOnlyList<string> audiences, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var place = Place(@namespace, serviceAccount);
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]), ["expirationSeconds"] = (long)lifetime.TotalSeconds },
        };
        try
        {
            var answer = await kube.CreateAsync(ExternalKinds.ServiceAccounts.Resource, place, "token", request, cancellationToken).ConfigureAwait(false);
            var token = answer["status"]?["token"]?.GetValue<string>() ?? throw Failed($"the API server gave no token for ServiceAccount {place}", ProviderFailureKind.Unavailable);
            Accounts.AddUnseen(place);
            var expires = answer["status"]?["expirationTimestamp"]?.GetValue<string>();
            return new ServiceAccountToken(token, expires is null ? time.GetUtcNow() + lifetime : DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture));
        }
        catch (KubeApiException refused)
        {
            throw Refused("a token for ServiceAccount", place, refused);
        }
        catch (KubeTransportException)
        {
            throw Failed($"the API server gave no token for ServiceAccount {place}", ProviderFailureKind.Unavailable);
        }
    }

    public async Task<ServiceAccountToken> ReadControllerTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Kubelet renews the file long before the token in it ends.
            return new ServiceAccountToken((await File.ReadAllTextAsync(ControllerTokenFile, cancellationToken).ConfigureAwait(false)).Trim(), time.GetUtcNow() + ControllerTokenLife);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Missing("the controller has no service account token: it runs outside a cluster, or its pod mounts none");
        }
    }

    private async Task<T?> ReadAsync<T>(KubeKind<T> kind, string what, NamespacedName place, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await kube.FindAsync(kind, place, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException refused)
        {
            throw Refused(what, place, refused);
        }
        catch (KubeTransportException)
        {
            throw Failed($"{what} {place} cannot be read: the API server does not answer", ProviderFailureKind.Unavailable);
        }
    }

    private NamespacedName Place(string? @namespace, string name)
    {
        if (name is "" or "." or "..") throw Missing($"\"{name}\" is no name of an object");
        if (storeNamespace is not null) return new NamespacedName(storeNamespace, name);
        if (!string.IsNullOrEmpty(@namespace)) return new NamespacedName(@namespace, name);
        lock (gate)
        {
            if (shared) throw Missing($"{name} is named without a namespace after the store was opened for all");
            IsReferent = true;
        }
        return new NamespacedName(callerNamespace ?? throw Missing($"{name} is named without a namespace, which is that of whoever uses the store"), name);
    }

    private void Record(ClusterRecord record)
    {
        lock (gate) records.Add(record);
        WasRead?.Invoke(record);
    }

    private static ProviderException Refused(string what, NamespacedName place, KubeApiException refused)
    {
        var kind = refused.Code is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized ? ProviderFailureKind.Denied
            : refused.IsTransient ? ProviderFailureKind.Unavailable
            : ProviderFailureKind.Invalid;
        return Failed($"{what} {place}: the API server answers {refused.Code} {refused.Reason}", kind);
    }

    private static ProviderException Missing(string message) => Failed(message, ProviderFailureKind.Invalid);

    private static ProviderException Failed(string message, ProviderFailureKind kind) => new(kind, message);
}
