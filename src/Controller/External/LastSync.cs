namespace GitOpsSecrets.Controller.External;

/// <summary>The last successful pass over an ExternalSecret.</summary>
/// <param name="Version">What was synced: <c>status.syncedResourceVersion</c>.</param>
/// <param name="RefreshTime">How old the values are: when the oldest of them was asked for.</param>
/// <param name="StartedAt">When the pass began.</param>
/// <param name="Mark">What the Secret was made from, and what it was then.</param>
internal sealed record LastSync(string Version, DateTimeOffset RefreshTime, DateTimeOffset StartedAt, ExternalMark Mark)
{
    /// <summary>When what a generator made is made anew, since it ends; null when it does not.</summary>
    public DateTimeOffset? RenewAt { get; init; }
}
