namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary>
/// How long to wait after a failure. What has no values yet is tried from a second on, doubling, until the attempts are as far apart as the refreshes would be; what has some, and
/// could not be refreshed, never sooner than its next refresh would be. So a broken object costs its store no more than a healthy one.
/// </summary>
internal static class RefreshBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>For objects that are never refreshed by time.</summary>
    private static readonly TimeSpan LongestWithoutInterval = TimeSpan.FromMinutes(10);

    /// <summary>For refreshes that would come faster than that.</summary>
    private static readonly TimeSpan LongestBeyondInterval = TimeSpan.FromMinutes(1);

    /// <param name="failures">Failures in a row before this one.</param>
    /// <param name="interval">The refresh interval.</param>
    /// <param name="jitter">In [0, 1): takes up to a fifth off; of the interval a tenth, as refreshes do. What failed together does not come back together.</param>
    public static TimeSpan Delay(int failures, TimeSpan interval, double jitter)
    {
        var most = interval > TimeSpan.Zero ? interval : LongestWithoutInterval;
        var wanted = First.TotalMilliseconds * Math.Pow(2, failures);
        // The first attempts of a short interval are shortened too, so that the cap is met from below.
        return TimeSpan.FromMilliseconds(wanted >= most.TotalMilliseconds ? most.TotalMilliseconds * (1 - (0.1 * jitter)) : wanted * (1 - (0.2 * jitter)));
    }

    /// <summary>Of a refresh that failed when it was due: the interval, and of a short one up to a minute as the failures go on.</summary>
    /// <param name="failures">Failures in a row before this one.</param>
    /// <param name="interval">The refresh interval, above zero.</param>
    /// <param name="jitter">In [0, 1).</param>
    public static TimeSpan DelayOfRefresh(int failures, TimeSpan interval, double jitter)
    {
        var (refresh, delay) = (interval * (1 - (0.1 * jitter)), Delay(failures, LongestBeyondInterval, jitter));
        return delay > refresh ? delay : refresh;
    }
}
