namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary>All that decides whether an ExternalSecret is to be fetched anew.</summary>
/// <param name="Policy"><c>spec.refreshPolicy</c>: CreatedOnce, Periodic, OnChange; empty is Periodic.</param>
/// <param name="Interval"><c>spec.refreshInterval</c>; zero or less never refreshes by time.</param>
/// <param name="SyncedVersion"><c>status.syncedResourceVersion</c>: what was last synced.</param>
/// <param name="Version">The same of the object as it is now.</param>
/// <param name="RefreshTime">How old the values are that were synced last; null when there are none.</param>
/// <param name="Spread">In [0, 1), constant for the object: where in the last part of its interval it comes back.</param>
internal sealed record RefreshInputs(string Policy, TimeSpan Interval, string? SyncedVersion, string Version, DateTimeOffset? RefreshTime, double Spread)
{
    /// <summary>When what a generator made is made anew, since it ends; null when it does not.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    public bool WasSynced => !string.IsNullOrEmpty(SyncedVersion) && RefreshTime is not null;

    public bool Changed => SyncedVersion != Version;
}
