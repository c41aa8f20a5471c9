using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Providers.Tests;

/// <summary>Secrets, ConfigMaps and service accounts in memory, behind the contract that the controller fulfils with an API server.</summary>
internal sealed class MemoryCluster(string? callerNamespace) : IStoreCluster
{
    private readonly ConcurrentDictionary<(string Namespace, string Name, string Key), byte[]> secrets = new();
    private readonly ConcurrentDictionary<(string Namespace, string Name), IReadOnlyDictionary<string, string>> labels = new();
    private readonly ConcurrentDictionary<(string Namespace, string Name, string Key), string> maps = new();
    private readonly ConcurrentDictionary<(string Namespace, string Name), IReadOnlyDictionary<string, string>> accounts = new();

    public string? CallerNamespace => callerNamespace;

    /// <summary>Whether no token of a service account is to be had.</summary>
    public bool RefusesTokens { get; set; }

    /// <summary>All Secrets' keys and values.</summary>
    public IEnumerable<(string Name, string Key, string Value)> Secrets => secrets.Select(entry => (entry.Key.Name, entry.Key.Key, Encoding.UTF8.GetString(entry.Value)));

    public IReadOnlyDictionary<string, string> Labels(string @namespace, string name) => labels.GetValueOrDefault((@namespace, name)) ?? new Dictionary<string, string>();

    public void Put(string @namespace, string name, string key, string value) => secrets[(@namespace, name, key)] = Encoding.UTF8.GetBytes(value);

    public void Label(string @namespace, string name, string label, string value) => labels[(@namespace, name)] = new Dictionary<string, string>(StringComparer.Ordinal) { [label] = value };

    public void PutConfigMap(string @namespace, string name, string key, string value) => maps[(@namespace, name, key)] = value;

    public void Annotate(string @namespace, string account, IReadOnlyDictionary<string, string> annotations) => accounts[(@namespace, account)] = annotations;

    public Task<byte[]> ReadSecretKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken)
        => Task.FromResult<byte[]>([.. secrets.TryGetValue((Place(@namespace), name, key), out var value) ? value : throw Missing($"Secret {Place(@namespace)}/{name} has no key {key}")]);

    public Task<ClusterSecret> ReadSecretAsync(string? @namespace, string name, CancellationToken cancellationToken)
    {
        var values = new SecretValues();
        foreach (var ((_, _, key), value) in secrets.Where(entry => entry.Key.Namespace == Place(@namespace) && entry.Key.Name == name)) values.Set(key, [.. value]);
        if (values.Count == 0) throw Missing($"Secret {Place(@namespace)}/{name} is not there");
        return Task.FromResult(new ClusterSecret(Place(@namespace), name, labels.GetValueOrDefault((Place(@namespace), name)) ?? new Dictionary<string, string>(), values));
    }

    public Task<string> ReadConfigMapKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken)
        => Task.FromResult(maps.TryGetValue((Place(@namespace), name, key), out var value) ? value : throw Missing($"ConfigMap {Place(@namespace)}/{name} has no key {key}"));

    public Task<IReadOnlyDictionary<string, string>> ReadServiceAccountAnnotationsAsync(string? @namespace, string name, CancellationToken cancellationToken)
        => Task.FromResult(accounts.GetValueOrDefault((Place(@namespace), name)) ?? new Dictionary<string, string>());

    /// <summary>A token whose text says what was asked for.</summary>
    public Task<ServiceAccountToken> RequestTokenAsync(string? @namespace, string serviceAccount, IReadOnlyList<string> audiences, TimeSpan lifetime, CancellationToken cancellationToken)
        => RefusesTokens ? throw new ProviderException(ProviderFailureKind.Denied, $"no token of service account {serviceAccount}") : Task.FromResult(new ServiceAccountToken(
            string.Create(CultureInfo.InvariantCulture, $"token of {Place(@namespace)}/{serviceAccount} for {string.Join(',', audiences)} lasting {lifetime.TotalSeconds} s"),
            DateTimeOffset.MaxValue));

    public Task<ServiceAccountToken> ReadControllerTokenAsync(CancellationToken cancellationToken) => Task.FromResult(new ServiceAccountToken("token of the controller", DateTimeOffset.MaxValue));

    private string Place(string? @namespace) => string.IsNullOrEmpty(@namespace) ? callerNamespace ?? throw Missing("a reference has no namespace") : @namespace;

    private static ProviderException Missing(string message) => new(ProviderFailureKind.Invalid, message);
}
