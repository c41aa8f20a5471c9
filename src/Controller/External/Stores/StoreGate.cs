using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// The door to one store, for all its users: so many calls a second, and none at all for a while after it has failed too often in a row.
/// <code>
///  closed ──(N failures in a row)──▶ open ──(time)──▶ one call through ──success──▶ closed
///                                     ▲───────────────────failure──────┘
/// </code>
/// </summary>
internal sealed class StoreGate(StoreGateOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly RequestRate rate = new(options.CallsPerSecond, options.Burst, time);
    private int failures;
    private long blockedAt;
    private TimeSpan blockedFor;
    private bool trying;
    private DateTimeOffset failingSince;
    private bool throttles;

    /// <summary>Raised when a store that had failed answers again.</summary>
    public event Action? Recovered;

    /// <summary>Whether the store is left alone, but for one call now and then that finds out.</summary>
    public bool IsPaused
    {
        get { lock (gate) return blockedFor != TimeSpan.Zero; }
    }

    /// <summary>How long the store still wants to be left alone, by its own words; zero when it does not.</summary>
    public TimeSpan AskedPatience
    {
        get
        {
            lock (gate)
            {
                if (!throttles || blockedFor == TimeSpan.Zero) return TimeSpan.Zero;
                var left = blockedFor - time.GetElapsedTime(blockedAt);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Makes a call when it may be made.</summary>
    /// <exception cref="ProviderException">The call failed, or the store is left alone for now.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            await rate.WaitAsync(cancellationToken).ConfigureAwait(false);
            var result = await call(cancellationToken).ConfigureAwait(false);
            Succeeded();
            return result;
        }
        catch (ProviderException failure)
        {
            Failed(failure);
            throw;
        }
        catch
        {
            lock (gate) trying = false;
            throw;
        }
    }

    private void Enter()
    {
        lock (gate)
        {
            if (blockedFor == TimeSpan.Zero) return;
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

    private void Succeeded()
    {
        bool recovered;
        lock (gate)
        {
            recovered = failures > 0;
            failures = 0;
            blockedFor = TimeSpan.Zero;
            trying = false;
        }
        if (recovered) Recovered?.Invoke();
    }

    /// <summary>A request that makes no sense says nothing about the store; neither does one secret that is denied.</summary>
    private void Failed(ProviderException failure)
    {
        lock (gate)
        {
            trying = false;
            if (failure.Kind is not (ProviderFailureKind.Unavailable or ProviderFailureKind.Throttled)) return;
            if (failures++ == 0) failingSince = time.GetUtcNow();
            throttles = failure.Kind == ProviderFailureKind.Throttled;
            // Who says when to come back is believed at once.
            if (failures < options.FailuresToOpen && failure.RetryAfter is null) return;
            blockedAt = time.GetTimestamp();
            blockedFor = failure.RetryAfter is { } asked && asked < options.LongestPause ? asked : failure.RetryAfter is null ? options.Pause : options.LongestPause;
        }
    }
}
