using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Notifications;

namespace GitOpsSecrets.Controller.External;

/// <summary>What people are told of an ExternalSecret that failed: that it did, and later, once more, that the values in its Secret have grown old. Pure.</summary>
internal static class ExternalNews
{
    /// <summary>The reason of the second.</summary>
    public const string Stale = "Stale";

    /// <summary>After how many intervals without a refresh the values count as old.</summary>
    private const int Intervals = 2;

    public static ObjectOutcome Of(ExternalView seen, ExternalOutcome.Failed failed, DateTimeOffset now)
    {
        return seen.Last is { } last && seen.Interval > TimeSpan.Zero && now - last.RefreshTime > seen.Interval * Intervals
            ? new ObjectOutcome(ExternalSecret.ExternalSecretKind, seen.Key, OutcomeState.Failed, Stale, $"{seen.Target.Name} has values of {ExternalStatus.Format(last.RefreshTime)}; {failed.FullMessage}")
            : new ObjectOutcome(ExternalSecret.ExternalSecretKind, seen.Key, OutcomeState.Failed, failed.Reason, failed.FullMessage);
    }
}
