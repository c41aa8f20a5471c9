namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary>
/// When an ExternalSecret is fetched anew. An interval ends, for each object, somewhere in its last tenth, so that what was created together does not
/// ask together for ever; never later than the interval says.
/// </summary>
internal static class RefreshSchedule
{
    public const string CreatedOnce = "CreatedOnce";
    public const string OnChange = "OnChange";
    public const string Periodic = "Periodic";

    public static readonly TimeSpan DefaultInterval = TimeSpan.FromHours(1);

    /// <summary>No interval is shorter, whatever is asked for: a typo of one tenant would spend what its store allows all.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    /// <summary>The last part of an interval, in which refreshes are spread.</summary>
    public const double JitterShare = 0.1;

    /// <summary>The part of its life after which what a generator made is made anew: the rest is for attempts that fail, and for who has to pick it up.</summary>
    private const double LifeShare = 2.0 / 3;

    /// <summary>What lives shorter than this is not kept alive: that would ask without end.</summary>
    private static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(10);

    /// <summary>As asked for; zero and less have a meaning of their own.</summary>
    public static TimeSpan Bounded(TimeSpan interval) => interval > TimeSpan.Zero && interval < ShortestInterval ? ShortestInterval : interval;

    /// <param name="isOpen">Whether the sync windows let a periodic refresh through now.</param>
    public static RefreshReason Decide(RefreshInputs inputs, DateTimeOffset now, Func<bool> isOpen)
    {
        if (!inputs.WasSynced) return RefreshReason.First;
        switch (inputs.Policy)
        {
            case CreatedOnce:
                return RefreshReason.None;
            case OnChange:
                return inputs.Changed ? RefreshReason.Changed : RefreshReason.None;
            default:
                // As the original does it: with an interval of zero what was synced stays, whatever happens to the spec.
                if (inputs.Interval <= TimeSpan.Zero) return RefreshReason.None;
                if (inputs.Changed) return RefreshReason.Changed;
                // No window holds it back: what is dead is no better kept than what drifted.
                if (inputs.RenewAt <= now) return RefreshReason.Ending;
                return IsDue(inputs, now) && isOpen() ? RefreshReason.Due : RefreshReason.None;
        }
    }

    /// <summary>How long until the next look; null when only a change brings one.</summary>
    /// <param name="untilOpen">When the sync windows let a refresh through that is due: asked only when it is.</param>
    public static TimeSpan? Wait(RefreshInputs inputs, DateTimeOffset now, Func<TimeSpan?> untilOpen)
    {
        if (inputs.Policy is CreatedOnce or OnChange || inputs.Interval <= TimeSpan.Zero || inputs.RefreshTime is not { } last) return null;
        var left = last + Shortened(inputs) - now;
        var wait = left > TimeSpan.Zero && left <= inputs.Interval ? left : untilOpen();
        if (inputs.RenewAt - now is not { } renewal) return wait;
        if (renewal < TimeSpan.Zero) renewal = TimeSpan.Zero;
        return wait < renewal ? wait : renewal;
    }

    /// <summary>When values that end are made anew: at two thirds of their life, or up to a tenth of that sooner.</summary>
    /// <param name="end">null when they do not end. Values that are said to have ended before they were made are taken as they are: others would say the same.</param>
    public static DateTimeOffset? Renewal(DateTimeOffset made, DateTimeOffset? end, double spread)
    {
        if (end - made is not { } life || life <= TimeSpan.Zero) return null;
        var wait = life * LifeShare * (1 - (JitterShare * spread));
        return made + (wait < ShortestRenewal ? ShortestRenewal : wait);
    }

    /// <summary>A clock that was set back must not put the refresh off by as much.</summary>
    private static bool IsDue(RefreshInputs inputs, DateTimeOffset now) =>
        inputs.RefreshTime!.Value > now || inputs.RefreshTime.Value + Shortened(inputs) <= now;

    private static TimeSpan Shortened(RefreshInputs inputs) => inputs.Interval * (1 - (JitterShare * inputs.Spread));
}
