namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// When the next sealing key is due, decided from the current one alone, so that a restart, a new leader or a key added
/// by hand changes nothing but the date.
/// </summary>
/// <param name="RenewPeriod">Age at which the current key is replaced; zero for never.</param>
/// <param name="Cutoff">
/// A current key older than this is replaced once the moment has come. The original also acts on a cutoff in the
/// future, and so makes a key at every start until then.
/// </param>
internal sealed record RotationPolicy(TimeSpan RenewPeriod, DateTimeOffset? Cutoff)
{
    /// <param name="current">The ordering time of the key that seals, or <c>null</c> when there is none.</param>
    /// <returns>The moment at which a key is to be made; <c>null</c> for never. A moment that has passed means now.</returns>
    public DateTimeOffset? Due(DateTimeOffset? current, DateTimeOffset now)
    {
        if (current is not { } age) return now;
        DateTimeOffset? renewal = RenewPeriod > TimeSpan.Zero ? Add(age, RenewPeriod) : null;
        var cutoff = Cutoff > age ? Cutoff : null;
        return renewal is null || cutoff < renewal ? cutoff : renewal;
    }

    private static DateTimeOffset? Add(DateTimeOffset time, TimeSpan period) =>
        period < DateTimeOffset.MaxValue - time ? time + period : null;
}
