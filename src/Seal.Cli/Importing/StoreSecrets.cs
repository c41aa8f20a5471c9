using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Seal.Cli.External;

namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>Secrets of a store: those of given keys, each a Secret of its own, or all in one.</summary>
/// <param name="stores">Opens the store.</param>
/// <param name="store">Which.</param>
/// <param name="keys">Remote keys.</param>
/// <param name="find">What to search for as well; null for nothing.</param>
/// <param name="name">Null: each after its key.</param>
/// <param name="space">Namespace of the Secrets.</param>
internal sealed class StoreSecrets(StoresAtHand stores, SecretStoreRef store, IReadOnlyList<string> keys, FindRequest? find, string? name, string space) : IImportSource
{
    private const int LongestName = 253;

    public async IAsyncEnumerable<ImportedSecret> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new List<(string Key, bool IsSet, SecretValues Values)>();
        try
        {
            foreach (var key in keys)
            {
                var (isSet, values) = await FetchAsync(key, cancellationToken);
                all.Add((key, isSet, values));
            }
            if (find is not null) all.AddRange(await SearchAsync(find, cancellationToken));
            var groups = name is not null ? [(Name: name, Parts: all)] : all.GroupBy(part => NameOf(part.Key), StringComparer.Ordinal).Select(group => (Name: group.Key, Parts: group.ToList())).ToList();
            foreach (var (secretName, parts) in groups)
            {
                if (name is null && parts.Count > 1) throw new CommandException($"{string.Join(" and ", parts.Select(part => part.Key))} would both be Secret {secretName}; import them one by one, with --name");
                yield return Make(secretName, parts);
            }
        }
        finally
        {
            foreach (var (_, _, values) in all) values.Dispose();
        }
    }

    private ImportedSecret Make(string secretName, List<(string Key, bool IsSet, SecretValues Values)> parts)
    {
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var (_, _, values) in parts)
        {
            foreach (var (item, value) in values.Entries) data[item] = [.. value];
        }
        var secret = new Secret { Metadata = new ObjectMeta { Name = secretName, Namespace = space }, Data = data };
        var origin = $"{store.EffectiveKind} {store.Name}: {string.Join(", ", parts.Select(part => part.Key))}";
        return new ImportedSecret(secret, origin, Reading(secretName, parts));
    }

    /// <summary>The ExternalSecret that gives the same.</summary>
    private JsonObject Reading(string secretName, List<(string Key, bool IsSet, SecretValues Values)> parts)
    {
        var single = parts.Where(part => !part.IsSet).Select(part => (JsonNode)new JsonObject
        {
            ["secretKey"] = part.Values.Keys.First(),
            ["remoteRef"] = new JsonObject { ["key"] = part.Key },
        });
        var sets = parts.Where(part => part.IsSet).Select(part => (JsonNode)new JsonObject { ["extract"] = new JsonObject { ["key"] = part.Key } });
        var spec = new JsonObject
        {
            ["refreshInterval"] = "1h",
            ["secretStoreRef"] = new JsonObject { ["kind"] = store.EffectiveKind, ["name"] = store.Name },
            ["target"] = new JsonObject { ["name"] = secretName },
        };
        if (new JsonArray([.. single]) is { Count: > 0 } data) spec["data"] = data;
        if (new JsonArray([.. sets]) is { Count: > 0 } dataFrom) spec["dataFrom"] = dataFrom;
        return new JsonObject
        {
            ["apiVersion"] = ExternalSecretNames.GroupV1,
            ["kind"] = ExternalSecret.ExternalSecretKind,
            ["metadata"] = new JsonObject { ["name"] = secretName, ["namespace"] = space },
            ["spec"] = spec,
        };
    }

    /// <summary>Keys and values, where the secret is of that form; else one value under the last part of its key.</summary>
    private async Task<(bool IsSet, SecretValues Values)> FetchAsync(string key, CancellationToken cancellationToken)
    {
        await using var reading = await stores.OpenAsync(store, space, default, cancellationToken);
        var secret = await reading.FetchAsync(reading.Source.RequestFor(new RemoteReference(key)), cancellationToken)
            ?? throw new CommandException($"{store.EffectiveKind} {store.Name} has no {key}");
        if (TrySet(secret) is { } set) return (true, set);
        var value = secret.Value(null) ?? throw new CommandException($"{store.EffectiveKind} {store.Name} has no value for {key}");
        var single = new SecretValues();
        single.Set(ItemOf(key), value);
        return (false, single);
    }

    private async Task<List<(string Key, bool IsSet, SecretValues Values)>> SearchAsync(FindRequest wanted, CancellationToken cancellationToken)
    {
        await using var reading = await stores.OpenAsync(store, space, default, cancellationToken);
        var found = await reading.FindAsync(wanted, cancellationToken) ?? throw new CommandException($"{store.EffectiveKind} {store.Name} has nothing that matches");
        var parts = new List<(string, bool, SecretValues)>();
        foreach (var key in found.Keys.Where(key => !keys.Contains(key)).ToList()) parts.Add(await FetchPartAsync(key, cancellationToken));
        return parts.Count > 0 ? parts : throw new CommandException($"{store.EffectiveKind} {store.Name} has nothing that matches");
    }

    private async Task<(string Key, bool IsSet, SecretValues Values)> FetchPartAsync(string key, CancellationToken cancellationToken)
    {
        var (isSet, values) = await FetchAsync(key, cancellationToken);
        return (key, isSet, values);
    }

    private static SecretValues? TrySet(RemoteSecret secret)
    {
        try
        {
            var values = secret.Values(null);
            if (values is null or { Count: > 0 } && values?.Keys.All(IsItem) == true) return values;
            values?.Dispose();
            return null;
        }
        catch (ProviderException failure) when (failure.Kind == ProviderFailureKind.Invalid)
        {
            return null; // One value, and no object of them.
        }
    }

    private static bool IsItem(string key) => key.Length is > 0 and <= LongestName && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    // prod/db password → db_password
    private static string ItemOf(string key)
    {
        var last = key.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "value";
        return string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
    }

    // prod/Db_Password → db-password
#pragma warning disable CA1308 // Names of objects are lower case.
    private static string NameOf(string key)
    {
        var made = string.Concat(ItemOf(key).ToLowerInvariant().Select(c => c == '_' ? '-' : c)).Trim('-', '.');
        return made.Length is > 0 and <= LongestName ? made : throw new CommandException($"{key} makes no name for a Secret; say one with --name");
    }
#pragma warning restore CA1308
}
