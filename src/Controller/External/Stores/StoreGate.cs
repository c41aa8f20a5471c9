using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// The door to one store, for all its users: so many calls a second, a key that fails is left alone for itself, and the whole store when key after key fails.
/// <code>
///  a key:     answered ──(N failures in a row, or one that names a time)──▶ left alone ──(time)──▶ asked again
///  the store: open ──(N different keys in a row, no answer between)──▶ closed ──(any answer)──▶ open
/// </code>
/// Tenants share a store but no keys: some that one of them has got wrong must not close it to the others. So a closed store is closed to keys whose like has failed: to those that
/// failed before; to new ones too, once new ones have failed and nothing was answered lately; to all, once one has failed that was answered before. Who is not barred tries, and the
/// first answer opens it.
/// </summary>
internal sealed class StoreGate(StoreGateOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly RequestRate rate = new(options.CallsPerSecond, options.Burst, time);
    private readonly RecentMap<AnswerKey, Trouble> failing = new(options.KeysRemembered);
    private readonly RecentMap<AnswerKey, bool> proven = new(options.KeysRemembered);
    private readonly HashSet<AnswerKey> row = [];
    private Standing rowStanding;
    private Standing closedTo;
    private long answeredAt;
    private long? recoveredAt;
    private long blockedAt;
    private TimeSpan blockedFor;
    private bool trying;
    private DateTimeOffset failingSince;
    private bool throttles;

    /// <summary>What is known of a key, in the order of how much it says of the store when it fails.</summary>
    private enum Standing
    {
        Failing,
        Unknown,
        Proven,
    }

    /// <summary>Raised when a store, or a key of it, that had failed answers again.</summary>
    public event Action? Recovered;

    /// <summary>Whether the store is left alone, but for one call now and then that finds out.</summary>
    public bool IsPaused
    {
        get { lock (gate) return IsClosed; }
    }

    /// <summary>Whether <see cref="Recovered"/> was raised at a moment or later, in ticks of the clock that is never set.</summary>
    public bool HasRecovered(long since)
    {
        lock (gate) return recoveredAt >= since;
    }

    /// <summary>How long the store still wants to be left alone, by its own words; zero when it does not.</summary>
    public TimeSpan AskedPatience
    {
        get
        {
            lock (gate)
            {
                if (!throttles || !IsClosed) return TimeSpan.Zero;
                var left = blockedFor - time.GetElapsedTime(blockedAt);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    private bool IsClosed => blockedFor != TimeSpan.Zero;

    private bool AnsweredLately => proven.Count > 0 && time.GetElapsedTime(answeredAt) < options.LongestPause;

    /// <summary>Why a key is left alone for now: what the store said of it last. Whoever asks for it would hear that himself.</summary>
    public ProviderException? RefusalOf(AnswerKey key)
    {
        lock (gate)
        {
            if (!failing.TryGet(key, out var trouble)) return null;
            var left = trouble.BlockedFor - time.GetElapsedTime(trouble.BlockedAt);
            return left > TimeSpan.Zero ? new ProviderException(trouble.Kind, trouble.Message) { RetryAfter = left } : null;
        }
    }

    /// <summary>Makes a call when it may be made.</summary>
    /// <param name="keys">What is asked for; at least one.</param>
    /// <exception cref="ProviderException">The call failed, or the store is left alone for now.</exception>
    public async Task<T> CallAsync<T>(IReadOnlyList<AnswerKey> keys, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Enter(keys);
        try
        {
            await rate.WaitAsync(cancellationToken).ConfigureAwait(false);
            var result = await call(cancellationToken).ConfigureAwait(false);
            Succeeded(keys);
            return result;
        }
        catch (ProviderException failure)
        {
            Failed(keys, failure);
            throw;
        }
        catch
        {
            lock (gate) trying = false;
            throw;
        }
    }

    /// <summary>Before a repetition of a call that was let through.</summary>
    public Task TurnAsync(CancellationToken cancellationToken) => rate.WaitAsync(cancellationToken).AsTask();

    private void Enter(IReadOnlyList<AnswerKey> keys)
    {
        lock (gate)
        {
            if (!IsClosed || keys.Max(StandingOf) > closedTo) return;
            var left = blockedFor - time.GetElapsedTime(blockedAt);
            if (left > TimeSpan.Zero || trying)
            {
                // Not in the words of the call that failed: it was somebody else's, and may name what this caller must not know of. And always the same, or each pass would be a write.
                throw new ProviderException(ProviderFailureKind.Unavailable, $"the store {(throttles ? "has been asking for patience" : "has been failing")} since {ExternalStatus.Format(failingSince)} and is left alone but for a call now and then")
                {
                    RetryAfter = left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1),
                };
            }
            trying = true;
        }
    }

    private void Succeeded(IReadOnlyList<AnswerKey> keys)
    {
        bool recovered;
        lock (gate)
        {
            recovered = IsClosed || keys.Any(failing.Has);
            foreach (var key in keys)
            {
                failing.Remove(key);
                proven.Set(key, true);
            }
            answeredAt = time.GetTimestamp();
            if (recovered) recoveredAt = answeredAt;
            row.Clear();
            blockedFor = TimeSpan.Zero;
            trying = false;
        }
        if (recovered) Recovered?.Invoke();
    }

    /// <summary>A request that makes no sense says nothing about the store; neither does one secret that is denied.</summary>
    private void Failed(IReadOnlyList<AnswerKey> keys, ProviderException failure)
    {
        lock (gate)
        {
            trying = false;
            if (failure.Kind is not (ProviderFailureKind.Unavailable or ProviderFailureKind.Throttled))
            {
                foreach (var key in keys) failing.Remove(key);
                return;
            }
            var standing = keys.Min(StandingOf);
            // While others are answered, new ones that fail say something of themselves.
            if (standing == Standing.Unknown && AnsweredLately) standing = Standing.Failing;
            foreach (var key in keys) LeaveAlone(key, failure);
            Close(keys[0], standing, failure);
        }
    }

    private void LeaveAlone(AnswerKey key, ProviderException failure)
    {
        var failures = failing.TryGet(key, out var before) ? before.Failures + 1 : 1;
        // Who says when to come back is believed at once.
        var pause = failure.RetryAfter is { } asked ? Shortened(asked) : failures >= options.FailuresToOpen ? options.Pause : TimeSpan.Zero;
        failing.Set(key, new Trouble(failures, failure.Kind, failure.Message, time.GetTimestamp(), pause));
        proven.Remove(key);
    }

    private void Close(AnswerKey key, Standing standing, ProviderException failure)
    {
        if (row.Count == 0) (failingSince, rowStanding) = (time.GetUtcNow(), standing);
        if (row.Count < options.FailuresToOpen) row.Add(key);
        rowStanding = rowStanding < standing ? rowStanding : standing;
        if (!IsClosed && row.Count < options.FailuresToOpen) return;
        var isOver = IsClosed && blockedFor <= time.GetElapsedTime(blockedAt);
        closedTo = !IsClosed ? rowStanding : isOver || standing > closedTo ? standing : closedTo;
        throttles = failure.Kind == ProviderFailureKind.Throttled;
        blockedAt = time.GetTimestamp();
        // The time that some keys were told is not for others, until one has failed that was answered before.
        blockedFor = closedTo == Standing.Proven && failure.RetryAfter is { } asked ? Shortened(asked) : options.Pause;
    }

    private TimeSpan Shortened(TimeSpan asked) => asked < options.LongestPause ? asked : options.LongestPause;

    private Standing StandingOf(AnswerKey key) => failing.Has(key) ? Standing.Failing : proven.Has(key) ? Standing.Proven : Standing.Unknown;

    /// <summary>A key that fails, how often in a row, and since when it is left alone for how long.</summary>
    private sealed record Trouble(int Failures, ProviderFailureKind Kind, string Message, long BlockedAt, TimeSpan BlockedFor);
}
