using System.Globalization;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.RegularExpressions;

namespace GitOpsSecrets.Providers.Values;

/// <summary>
/// The values of an ExternalSecret: <c>dataFrom</c> in its order, then <c>data</c>; whoever comes later wins. All that is asked of one store is asked first, so
/// that what can be asked together is.
/// </summary>
public sealed class ValueCollector(IStoreReader stores, GeneratorRunner generators, EntryRules rules)
{
    private const string NotThere = "Secret does not exist";

    /// <exception cref="ValuesException">Some entry failed; which, and why.</exception>
    public async Task<CollectedValues> CollectAsync(ExternalSecret source, FetchWindow window, CancellationToken cancellationToken)
    {
        await using var readings = new StoreReadings(stores, source, window);
        var entries = new Entries(source, readings, generators, rules);
        try
        {
            await readings.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await entries.FetchAsync(cancellationToken).ConfigureAwait(false);
            return new CollectedValues(entries.Values, readings.Oldest, entries.Missing, entries.States, entries.Generators, entries.Unused) { ExpiresAt = entries.ExpiresAt };
        }
        catch
        {
            entries.Values.Dispose();
            await TakeBackAsync(entries.States, source.Metadata.Namespace ?? "").ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Nobody gets what was generated, and nobody will remember it: so it goes at once, as far as it can.</summary>
    private async Task TakeBackAsync(IEnumerable<GeneratedState> states, string @namespace)
    {
        foreach (var state in states)
        {
            try
            {
                await generators.CleanUpAsync(state.Resource, state.State, @namespace, CancellationToken.None).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // A mistake must not keep the other states from being taken back.
            catch (Exception)
#pragma warning restore CA1031
            {
                // The failure that led here is the one to be told.
            }
        }
    }

    /// <summary>One collecting.</summary>
    private sealed class Entries(ExternalSecret source, StoreReadings readings, GeneratorRunner generators, EntryRules rules)
    {
        private readonly bool toleratesMissing = (source.Spec.Target?.EffectiveDeletionPolicy ?? DeletionPolicy.Retain) != DeletionPolicy.Retain;
        private readonly HashSet<string> optional = EntryRules.OptionalKeys(source);

        public SecretValues Values { get; } = new();

        public List<string> Missing { get; } = [];

        public List<GeneratedState> States { get; } = [];

        public List<UsedGenerator> Generators { get; } = [];

        public DateTimeOffset? ExpiresAt { get; private set; }

        public List<string> Unused { get; } = [];

        public async Task FetchAsync(CancellationToken cancellationToken)
        {
            var dataFrom = source.Spec.DataFrom ?? [];
            for (var i = 0; i < dataFrom.Count; i++) await TakeSetAsync(dataFrom[i], Index("spec.dataFrom", i), cancellationToken).ConfigureAwait(false);
            var data = source.Spec.Data ?? [];
            for (var i = 0; i < data.Count; i++) await TakeOneAsync(data[i], Index("spec.data", i), cancellationToken).ConfigureAwait(false);
        }

        private async Task TakeSetAsync(DataFrom entry, string place, CancellationToken cancellationToken)
        {
            var (part, fetch) = entry switch
            {
                { Extract: { } extract } => (".extract", ExtractAsync(extract, entry, cancellationToken)),
                { Find: { } find } => (".find", FindAsync(find, entry, cancellationToken)),
                { SourceRef.GeneratorRef: { } generator } => (".sourceRef.generatorRef", GenerateAsync(generator, place, cancellationToken)),
                _ => ("", Task.FromException<SecretValues?>(new ValuesException("none of extract, find and sourceRef.generatorRef is there"))),
            };
            try
            {
                var fetched = await fetch.ConfigureAwait(false);
                if (fetched is null)
                {
                    if (!toleratesMissing) throw new ValuesException(NotThere);
                    Missing.Add($"secret does not exist at provider using {place}");
                    return;
                }
                using var ready = rules.Apply(entry, fetched, cancellationToken);
                Values.TakeAll(ready);
                if (entry is not { Extract: null, Find: null }) Unused.AddRange(UnusedFields.Of(entry, readings.Of(entry.SourceRef?.StoreRef).Source).Select(field => $"{place}.{field}"));
                Unused.AddRange(UnusedFields.OfRewrites(entry).Select(field => $"{place}.{field}"));
            }
            catch (Exception failure) when (failure is ValuesException or ProviderException)
            {
                throw Located(failure, $"error processing {place}{part}, err: ");
            }
        }

        private async Task<SecretValues?> ExtractAsync(RemoteRef extract, DataFrom entry, CancellationToken cancellationToken)
        {
            var reading = readings.Of(entry.SourceRef?.StoreRef);
            var reference = EntryRules.ReferenceOf(extract);
            var secret = await reading.FetchAsync(reading.Source.RequestFor(reference), cancellationToken).ConfigureAwait(false);
            return secret?.Values(reference.Property);
        }

        private async Task<SecretValues?> FindAsync(FindSource find, DataFrom entry, CancellationToken cancellationToken)
        {
            if (find.Name?.Regexp is { } expression && !Re2.TryParse(expression, out _, out var problem)) throw new ValuesException($"find.name.regexp: {problem}");
            var found = await readings.Of(entry.SourceRef?.StoreRef)
                .FindAsync(EntryRules.SearchOf(find), cancellationToken).ConfigureAwait(false);
            if (found is null) return null;
            var copy = new SecretValues();
            foreach (var (key, value) in found.Entries) copy.Set(key, [.. value]);
            return copy;
        }

        private async Task<SecretValues?> GenerateAsync(GeneratorRef reference, string place, CancellationToken cancellationToken)
        {
            var run = await generators.GenerateAsync(reference, source.Metadata.Namespace ?? "", cancellationToken).ConfigureAwait(false);
            if (run.State is { } state) States.Add(state);
            Generators.Add(run.Used);
            Unused.AddRange(run.Unused.Select(field => $"{field} of {reference.Kind} {reference.Name} ({place})"));
            if (run.ExpiresAt is { } end && !(ExpiresAt <= end)) ExpiresAt = end;
            return run.Values;
        }

        private async Task TakeOneAsync(ExternalSecretData entry, string place, CancellationToken cancellationToken)
        {
            var reference = EntryRules.ReferenceOf(entry.RemoteRef);
            var isOptional = optional.Contains(entry.SecretKey);
            try
            {
                var reading = readings.Of(entry.SourceRef?.StoreRef);
                var secret = await reading.FetchAsync(reading.Source.RequestFor(reference), cancellationToken).ConfigureAwait(false);
                var value = Value(secret, reference.Property, isOptional);
                if (value is not null)
                {
                    Put(entry, value);
                    Unused.AddRange(UnusedFields.Of(entry, reading.Source).Select(field => $"{place}.{field}"));
                    return;
                }
                if (!toleratesMissing && !isOptional) throw new ValuesException(NotThere);
                Missing.Add($"secret does not exist at provider using {place} (key={reference.Key})");
                // What dataFrom brought under this key stays: the entry is as if it were not there.
            }
            catch (Exception failure) when (failure is ValuesException or ProviderException)
            {
                throw Located(failure, $"error processing {place} (key: {reference.Key}), err: ");
            }
        }

        private static byte[]? Value(RemoteSecret? secret, string? property, bool isOptional)
        {
            try
            {
                return secret?.Value(property);
            }
            catch (ProviderException failure) when (isOptional && failure.Kind == ProviderFailureKind.Invalid)
            {
                return null;
            }
        }

        private void Put(ExternalSecretData entry, byte[] value)
        {
            try
            {
                var decoded = ValueDecoding.Decode(entry.SecretKey, value, entry.RemoteRef.DecodingStrategy, entry.RemoteRef.NullBytePolicy);
                if (!ReferenceEquals(decoded, value)) System.Security.Cryptography.CryptographicOperations.ZeroMemory(value);
                Values.Set(entry.SecretKey, decoded);
            }
            catch
            {
                System.Security.Cryptography.CryptographicOperations.ZeroMemory(value);
                throw;
            }
        }

        private static string Index(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");

        private static ValuesException Located(Exception failure, string place) => failure switch
        {
            ProviderException provider => new ValuesException(place + provider.Message, provider.Kind, provider.RetryAfter),
            ValuesException values => values.At(place),
            _ => new ValuesException(place + failure.GetType().Name),
        };
    }
}
