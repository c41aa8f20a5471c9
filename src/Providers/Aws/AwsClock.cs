namespace GitOpsSecrets.Providers.Aws;

/// <summary>The time that requests are signed with: ours, or AWS's where ours goes wrong.</summary>
internal sealed class AwsClock(TimeProvider time)
{
    // What AWS tolerates is five minutes.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(4);
    private TimeSpan skew;

    public DateTimeOffset Now => time.GetUtcNow() + skew;

    /// <returns>Whether it went wrong.</returns>
    public bool Correct(DateTimeOffset? theirs)
    {
        if (theirs is null) return false;
        var difference = theirs.Value - Now;
        if (difference.Duration() < Tolerance) return false;
        skew += difference;
        return true;
    }
}
