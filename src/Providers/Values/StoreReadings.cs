using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Values;

/// <summary>The stores of one ExternalSecret, each opened once; a failure to open one is told where it is needed.</summary>
internal sealed class StoreReadings(IStoreReader stores, ExternalSecret source, FetchWindow window) : IAsyncDisposable
{
    private readonly string @namespace = source.Metadata.Namespace ?? "";
    private readonly Dictionary<(string Kind, string? Name), IStoreReading> opened = [];
    private readonly Dictionary<(string Kind, string? Name), ValuesException> failed = [];

    public DateTimeOffset? Oldest => opened.Values.Select(reading => reading.Oldest).Where(oldest => oldest is not null).Min();

    /// <summary>Opens every store that is named, and asks for every single secret that is.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var wanted = (source.Spec.DataFrom ?? []).Where(entry => entry.Extract is not null).Select(entry => (Store: entry.SourceRef?.StoreRef, Remote: entry.Extract))
            .Concat((source.Spec.DataFrom ?? []).Where(entry => entry.Find is not null).Select(entry => (Store: entry.SourceRef?.StoreRef, Remote: (RemoteRef?)null)))
            .Concat((source.Spec.Data ?? []).Select(entry => (Store: entry.SourceRef?.StoreRef, Remote: (RemoteRef?)entry.RemoteRef)))
            .Select(entry => (Store: entry.Store ?? source.Spec.SecretStoreRef, entry.Remote))
            .Where(entry => entry.Store is not null)
            .GroupBy(entry => Identify(entry.Store!));
        foreach (var store in wanted)
        {
            try
            {
                var reading = await stores.OpenAsync(store.First().Store!, @namespace, window, cancellationToken).ConfigureAwait(false);
                opened[store.Key] = reading;
                reading.Prepare(store.Where(entry => entry.Remote is not null).Select(entry => reading.Source.RequestFor(EntryRules.ReferenceOf(entry.Remote!))));
            }
            catch (ValuesException failure)
            {
                failed[store.Key] = failure;
            }
        }
    }

    /// <param name="reference">An entry's own; null takes that of the whole.</param>
    /// <exception cref="ValuesException">It cannot be used, or none is named.</exception>
    public IStoreReading Of(SecretStoreRef? reference)
    {
        var effective = reference ?? source.Spec.SecretStoreRef ?? throw new ValuesException("no store is named: neither spec.secretStoreRef nor sourceRef.storeRef is there");
        var identity = Identify(effective);
        return opened.TryGetValue(identity, out var reading) ? reading : throw failed[identity].At("");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reading in opened.Values) await reading.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Seen from one namespace, kind and name say which.</summary>
    private static (string Kind, string? Name) Identify(SecretStoreRef reference) => (reference.EffectiveKind, reference.Name);
}
