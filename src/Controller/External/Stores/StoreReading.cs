using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>One pass over one store: holds what it was given until it is disposed, so that nothing is zeroed under its reader.</summary>
/// <param name="namespace">Of the object.</param>
/// <param name="expected">What others will ask for soon.</param>
internal sealed class StoreReading(
    Store store, string @namespace, OpenedStore opened, StoreAccess access, AnswerCache answers, StoreWaits waits, FetchWindow window, Func<IEnumerable<(RemoteReference Reference, FetchWindow Window)>> expected) : IStoreReading
{
    private readonly List<Answer> held = [];
    private readonly Dictionary<RemoteRequest, Answer> asked = [];

    public Store Store => store;

    public ISecretSource Source => opened.Source;

    public DateTimeOffset? Oldest => held.Count == 0 ? null : held.Min(answer => answer.AskedAt);

    /// <summary>Asks for all of these that nobody has asked for in the window: several in one call, where the store can, and then also for what others will want.</summary>
    public void Prepare(IEnumerable<RemoteRequest> requests)
    {
        // All at once: what is taken from the cache and then not asked for would be waited for in vain, by whoever wants it next.
        var wanted = requests.ToList();
        if (opened.Source is IBatchFetch batch)
        {
            foreach (var chunk in Gather(batch, wanted).Chunk(Math.Max(1, batch.BatchSize)))
            {
                if (chunk is [var single]) Start(() => FetchOneAsync(single.Request, single.Answer));
                else Start(() => FetchManyAsync(batch, chunk));
            }
            return;
        }
        foreach (var (request, answer) in TakeNew(wanted)) Start(() => FetchOneAsync(request, answer));
    }

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        // What was asked for in this pass is not asked for again, also when it was not there.
        if (!asked.TryGetValue(request, out var answer))
        {
            answer = Take(request, out var isNew) ?? throw new StoreBusyException(store.Identity);
            if (isNew) Start(() => FetchOneAsync(request, answer));
        }
        return (await ResultAsync(answer, cancellationToken).ConfigureAwait(false)).Secret;
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        if (opened.Source is not IFind find) throw new ProviderException(ProviderFailureKind.Invalid, "this provider cannot find by name or tags");
        var key = AnswerKey.Of(opened.Number, request);
        var answer = Take(key, out var isNew) ?? throw new StoreBusyException(store.Identity);
        if (isNew) Start(() => CallAsync([(key, answer)], async (_, token) => [new FetchedValues(null, await find.FindAsync(request, token).ConfigureAwait(false))]));
        return (await ResultAsync(answer, cancellationToken).ConfigureAwait(false)).Found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var answer in held) answer.Release();
        held.Clear();
        await opened.DisposeAsync().ConfigureAwait(false);
    }

    private List<(RemoteRequest Request, Answer Answer)> TakeNew(IReadOnlyList<RemoteRequest> requests)
    {
        var mine = new List<(RemoteRequest Request, Answer Answer)>();
        foreach (var request in requests.Where(request => !asked.ContainsKey(request)).Distinct())
        {
            if (Take(request, out var isNew) is { } answer && isNew) mine.Add((request, answer));
        }
        return mine;
    }

    /// <summary>What this caller asks for; and where there is room in his last call, what others are about to.</summary>
    private List<(RemoteRequest Request, Answer Answer)> Gather(IBatchFetch batch, IReadOnlyList<RemoteRequest> requests)
    {
        lock (opened.Gathering)
        {
            var mine = TakeNew(requests);
            var room = mine.Count == 0 || !answers.Keeps ? 0 : (Math.Max(1, batch.BatchSize) - (mine.Count % Math.Max(1, batch.BatchSize))) % Math.Max(1, batch.BatchSize);
            try
            {
                if (room > 0) GatherOthers(mine, mine.Count + room);
            }
#pragma warning disable CA1031 // Whosever it is will hear of it in his own pass. What was taken by now has to be asked for: others may wait for it already.
            catch (Exception)
#pragma warning restore CA1031
            {
                return mine;
            }
            return mine;
        }
    }

    private void GatherOthers(List<(RemoteRequest Request, Answer Answer)> mine, int most)
    {
        foreach (var (reference, theirs) in expected())
        {
            var request = opened.Source.RequestFor(reference);
            if (asked.ContainsKey(request)) continue;
            var answer = answers.Take(new AnswerKey(opened.Number, request), theirs.NotBefore, theirs.Keep, out var isNew);
            // The cache holds it for them.
            answer.Release();
            if (!isNew) continue;
            mine.Add((request, answer));
            if (mine.Count == most) return;
        }
    }

    private Answer? Take(RemoteRequest request, out bool isNew)
    {
        var answer = Take(new AnswerKey(opened.Number, request), out isNew);
        return answer is null ? null : asked[request] = answer;
    }

    /// <returns>null when it would have to be waited for, and there is no room to wait.</returns>
    private Answer? Take(AnswerKey key, out bool isNew)
    {
        isNew = false;
        var answer = answers.Find(key, window.NotBefore, window.Keep);
        if (answer is not { Result.IsCompleted: true } && !waits.HasRoom(store.Identity, @namespace))
        {
            answer?.Release();
            return null;
        }
        answer ??= answers.Take(key, window.NotBefore, window.Keep, out isNew);
        held.Add(answer);
        return answer;
    }

    /// <summary>Whoever else waits for the same must not suffer when this caller goes away, so the call is the opened store's own.</summary>
    private void Start(Func<Task> call)
    {
        if (opened.TryHold()) _ = Task.Run(RunAsync, CancellationToken.None);
        else _ = Task.Run(call, CancellationToken.None);

        async Task RunAsync()
        {
            try
            {
                await call().ConfigureAwait(false);
            }
            finally
            {
                await opened.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<FetchedValues> ResultAsync(Answer answer, CancellationToken cancellationToken)
    {
        try
        {
            var values = await waits.WaitAsync(store.Identity, @namespace, answer.Result, cancellationToken).ConfigureAwait(false);
            access.Share(store, opened);
            return values;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ProviderFailureKind.Unavailable, "the store was changed while it was asked");
        }
    }

    private Task FetchOneAsync(RemoteRequest request, Answer answer) =>
        CallAsync([(new AnswerKey(opened.Number, request), answer)], async (_, token) => [new FetchedValues(await opened.Source.FetchAsync(request, token).ConfigureAwait(false), null)]);

    private Task FetchManyAsync(IBatchFetch batch, (RemoteRequest Request, Answer Answer)[] all) =>
        CallAsync([.. all.Select(entry => (new AnswerKey(opened.Number, entry.Request), entry.Answer))], async (mine, token) =>
        {
            var outcomes = await batch.FetchManyAsync([.. mine.Select(entry => entry.Key.Request!)], token).ConfigureAwait(false);
            var results = new List<FetchedValues?>();
            foreach (var (key, answer) in mine)
            {
                var outcome = outcomes.GetValueOrDefault(key.Request!);
                if (outcome.Failure is { } failure) answer.Fail(failure);
                results.Add(outcome.Failure is null ? new FetchedValues(outcome.Secret, null) : null);
            }
            return results;
        });

    /// <param name="all">What is asked for; those of them that are to be left alone are not.</param>
    private async Task CallAsync(
        IReadOnlyList<(AnswerKey Key, Answer Answer)> all, Func<IReadOnlyList<(AnswerKey Key, Answer Answer)>, CancellationToken, Task<IReadOnlyList<FetchedValues?>>> call)
    {
        var mine = new List<(AnswerKey Key, Answer Answer)>(all.Count);
        foreach (var entry in all)
        {
            if (opened.Door.RefusalOf(entry.Key) is { } refusal) entry.Answer.Fail(refusal);
            else mine.Add(entry);
        }
        if (mine.Count > 0) await AnswerAsync(mine, token => call(mine, token)).ConfigureAwait(false);
        foreach (var (key, answer) in all) answers.Settle(key, answer);
    }

    private async Task AnswerAsync(List<(AnswerKey Key, Answer Answer)> mine, Func<CancellationToken, Task<IReadOnlyList<FetchedValues?>>> call)
    {
        try
        {
            var results = await opened.Door.CallAsync([.. mine.Select(entry => entry.Key)], call, opened.Life).ConfigureAwait(false);
            for (var i = 0; i < mine.Count; i++)
            {
                if (results[i] is { } values) mine[i].Answer.Complete(values);
            }
        }
        catch (ProviderException failure)
        {
            Fail(mine, failure);
        }
        catch (OperationCanceledException)
        {
            Fail(mine, new ProviderException(ProviderFailureKind.Unavailable, "the store was changed while it was asked, or did not answer in time"));
        }
#pragma warning disable CA1031 // A provider's mistake is told by its kind alone: its message may quote what it choked on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(mine, new ProviderException(ProviderFailureKind.Unavailable, $"the provider failed ({failure.GetType().Name})"));
        }
    }

    private static void Fail(IReadOnlyList<(AnswerKey Key, Answer Answer)> mine, ProviderException failure)
    {
        foreach (var (_, answer) in mine) answer.Fail(failure);
    }
}
