using System.Collections.Concurrent;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>One store, open while the command runs: what was asked once is not asked again. The command disposes it, and with it all values; readers leave it open.</summary>
internal sealed class StoreAtHand(ISecretSource source) : IStoreReading
{
    private readonly ConcurrentDictionary<RemoteRequest, Task<RemoteSecret?>> _asked = [];
    private readonly List<SecretValues> _found = [];

    public ISecretSource Source => source;

    public DateTimeOffset? Oldest => null;

    public void Prepare(IEnumerable<RemoteRequest> requests)
    {
        var wanted = requests.Distinct().Where(request => !_asked.ContainsKey(request)).ToList();
        if (source is not IBatchFetch batch || wanted.Count < 2)
        {
            foreach (var request in wanted) _asked[request] = Quiet(FetchAsync(request));
            return;
        }
        foreach (var chunk in wanted.Chunk(Math.Max(1, batch.BatchSize)))
        {
            var outcomes = GuardAsync(() => batch.FetchManyAsync(chunk, CancellationToken.None));
            foreach (var request in chunk) _asked[request] = Quiet(OneAsync(outcomes, request));
        }
    }

    public Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken) =>
        _asked.GetOrAdd(request, wanted => Quiet(FetchAsync(wanted))).WaitAsync(cancellationToken);

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        if (source is not IFind find) throw new ProviderException(ProviderFailureKind.Invalid, "this provider cannot find by name or tags");
        var found = await GuardAsync(() => find.FindAsync(request, cancellationToken));
        if (found is not null) _found.Add(found);
        return found;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>At the end of the command.</summary>
    public async Task CloseAsync()
    {
        foreach (var asked in _asked.Values)
        {
            if (asked.IsCompletedSuccessfully) (await asked)?.Dispose();
        }
        foreach (var found in _found) found.Dispose();
        await source.DisposeAsync();
    }

    private Task<RemoteSecret?> FetchAsync(RemoteRequest request) => GuardAsync(() => source.FetchAsync(request, CancellationToken.None));

    private static async Task<RemoteSecret?> OneAsync(Task<IReadOnlyDictionary<RemoteRequest, FetchOutcome>> outcomes, RemoteRequest request)
    {
        var outcome = (await outcomes).GetValueOrDefault(request);
        return outcome.Failure is { } failure ? throw failure : outcome.Secret;
    }

    /// <summary>A provider's mistake is told by its kind alone: its message may quote what it choked on.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (failure is not (ProviderException or CommandException or OperationCanceledException))
        {
            throw new ProviderException(ProviderFailureKind.Unavailable, $"the provider failed ({failure.GetType().Name})");
        }
    }

    /// <summary>A failure that nobody comes to ask for is nobody's failure.</summary>
    private static Task<RemoteSecret?> Quiet(Task<RemoteSecret?> call)
    {
        _ = call.ContinueWith(static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return call;
    }
}
