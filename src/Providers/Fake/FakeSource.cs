using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.GoTemplate.RegularExpressions;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Fake;

/// <summary>The values of one store's options, and those pushed to it. A version must be named exactly; pushed values have none.</summary>
internal sealed class FakeSource(FakeStore options, ConcurrentDictionary<string, byte[]> pushed) : IFind, IPush, IValidate
{
    private readonly FrozenDictionary<(string Key, string Version), string> defined = Define(options);

    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, reference.Version, FetchMetadata: false);

    public Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<RemoteSecret?>(Find(request.Key, request.Version ?? "") is { } value ? new JsonSecret(request.Key, value, PropertyOrder.Path, MissingProperty.MissingSecret) : null);
    }

    public Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Name is null) throw new ProviderException(ProviderFailureKind.Invalid, "the fake provider finds by name only");
        if (!Re2.TryParse(request.Name, out var name, out var problem)) throw new ProviderException(ProviderFailureKind.Invalid, $"find.name.regexp: {problem}");
        var newest = defined.Keys.Concat(pushed.Keys.Select(key => (Key: key, Version: "")))
            .Where(entry => name.IsMatch(entry.Key))
            .GroupBy(entry => entry.Key, entry => entry.Version, StringComparer.Ordinal);
        var found = new SecretValues();
        foreach (var versions in newest)
        {
            if (Find(versions.Key, versions.Max(StringComparer.Ordinal)!) is { } value) found.Set(versions.Key, value);
        }

        return Task.FromResult<SecretValues?>(found);
    }

    public IEnumerable<string> Unused(FindRequest request) => [.. request.UnusedPath, .. request.Tags.Count > 0 ? (string[])["tags"] : []];

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (defined.ContainsKey((request.Place.Key, ""))) throw new ProviderException(ProviderFailureKind.Conflict, "key already exists");
        pushed[request.Place.Key] = PushedValue.Of(request);
        request.LeaveProperty();
        request.LeaveMetadata();
        return Task.CompletedTask;
    }

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        pushed.TryRemove(place.Key, out _);
        return Task.CompletedTask;
    }

    public Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(defined.ContainsKey((place.Key, "")) || pushed.ContainsKey(place.Key));
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => Task.FromResult(options.ValidationResult switch
    {
        1 => StoreValidity.Unknown("unable to validate"),
        2 => StoreValidity.Invalid("unable to validate"),
        _ => StoreValidity.Valid,
    });

    public ValueTask DisposeAsync() => default;

    private byte[]? Find(string key, string version)
    {
        if (defined.TryGetValue((key, version), out var value)) return Encoding.UTF8.GetBytes(value);
        return version.Length == 0 && pushed.TryGetValue(key, out var bytes) ? [.. bytes] : null;
    }

    /// <summary>Of entries with the same key and version the last counts.</summary>
    private static FrozenDictionary<(string Key, string Version), string> Define(FakeStore options)
    {
        var entries = new Dictionary<(string Key, string Version), string>();
        foreach (var entry in options.Data) entries[(entry.Key, entry.Version ?? "")] = string.IsNullOrEmpty(entry.Value) ? MapText(entry) : entry.Value;
        return entries.ToFrozenDictionary();
    }

    private static string MapText(FakeStore.Entry entry)
    {
        if (entry.ValueMap is not { } map) return "";
        using var text = new SecretBuffer();
        JsonObjectText.Write(map.Select(pair => KeyValuePair.Create(pair.Key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(pair.Value))), text);
        return Encoding.UTF8.GetString(text.Written);
    }
}
