using System.Net;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>The controller answers two requests a second, and says 429 to more; whoever has many waits its turn.</summary>
internal static class RateLimit
{
    private const int MostPauses = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <exception cref="KubeStatusException">Any other refusal, or that one after many waits.</exception>
    public static async Task<T> WaitAsync<T>(Func<Task<T>> request, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var pauses = 0; ; pauses++)
        {
            TimeSpan pause;
            try
            {
                return await request();
            }
            catch (KubeStatusException failure) when (failure.Status == HttpStatusCode.TooManyRequests && pauses < MostPauses)
            {
                pause = failure.RetryAfter is { } asked && asked > Pause ? asked < LongestPause ? asked : LongestPause : Pause;
            }
            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
