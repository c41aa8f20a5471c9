using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// Repeats calls that AWS throttled: it says so by a code under status 400, which what repeats HTTP calls does not look at. Who is told when to come back
/// does not wait here: the caller hears of it.
/// </summary>
/// <param name="settings">The store's; null takes three repetitions.</param>
internal sealed class AwsPatience(RetrySettings? settings, TimeProvider time)
{
    private const int Repetitions = 3;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    public async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var done = 0; ; done++)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (ProviderException failure) when (failure is { Kind: ProviderFailureKind.Throttled, RetryAfter: null } && done < (settings?.MaxRetries ?? Repetitions))
            {
                // Told below, outside of the handler.
            }
            await Task.Delay(settings?.Interval ?? (FirstWait * Math.Pow(2, done) * (0.5 + (RandomNumberGenerator.GetInt32(500) / 1000.0))), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
