namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary>A refresh that was due and brought nothing. What was fetched before stays good, so that the store is left alone until the next one.</summary>
/// <param name="Of">When that was fetched. Once something newer was, this is of no account.</param>
/// <param name="IsOutage">The store did not answer; else it did, and gave no value. When it answers again, the refresh is made up for.</param>
/// <param name="IsOver">It did so while this was under way.</param>
internal sealed record FailedRefresh(DateTimeOffset Of, bool IsOutage, bool IsOver);
