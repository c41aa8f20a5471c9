using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>time.Time: an instant, to the nanosecond, and the zone it is shown in.</summary>
/// <param name="unix">Seconds since 1970-01-01 UTC.</param>
/// <param name="nanosecond">0 to 999,999,999.</param>
internal sealed class GoTime(long unix, int nanosecond, GoLocation location) : GoValue
{
    private const long NanosPerSecond = 1_000_000_000;

    public long Unix => unix;

    public int Nanosecond => nanosecond;

    public GoLocation Location => location;

    /// <summary>Nanoseconds of Go's monotonic clock, which only the time now has.</summary>
    public long? Monotonic { get; init; }

    public override GoType Type => GoType.Time;

    public override bool IsTrue => true;

    /// <summary>Go's zero time, 0001-01-01.</summary>
    public static GoTime Zero { get; } = new(CivilDate.ToDays(1, 1, 1) * CivilDate.SecondsPerDay, 0, GoLocation.Utc);

    public ZoneSpan Zone => location.At(unix);

    /// <summary>Seconds since the epoch as the zone's clocks count them.</summary>
    public long LocalSeconds => unix + Zone.Offset;

    public long LocalDays => CivilDate.FloorDiv(LocalSeconds, CivilDate.SecondsPerDay);

    public CivilDate Date => CivilDate.FromDays(LocalDays);

    public int SecondOfDay => (int)CivilDate.FloorMod(LocalSeconds, CivilDate.SecondsPerDay);

    public int Hour => SecondOfDay / 3600;

    public int Minute => SecondOfDay / 60 % 60;

    public int Second => SecondOfDay % 60;

    public int Weekday => CivilDate.Weekday(LocalDays);

    public int YearDay => (int)(LocalDays - CivilDate.ToDays(Date.Year, 1, 1)) + 1;

    public static GoTime Now(TimeProvider time)
    {
        var sinceEpoch = time.GetUtcNow() - DateTimeOffset.UnixEpoch;
        var seconds = CivilDate.FloorDiv(sinceEpoch.Ticks, TimeSpan.TicksPerSecond);
        var ticks = sinceEpoch.Ticks - (seconds * TimeSpan.TicksPerSecond);
        return new(seconds, (int)ticks * 100, Local) { Monotonic = time.GetElapsedTime(0).Ticks * 100 };
    }

    /// <summary>The controller's container has no zone of its own.</summary>
    public static GoLocation Local => GoLocation.Utc;

    public GoTime In(GoLocation other) => new(unix, nanosecond, other);

    public GoTime Add(long nanoseconds)
    {
        Int128 total = ((Int128)unix * NanosPerSecond) + nanosecond + nanoseconds;
        var seconds = (long)(total / NanosPerSecond) - (total % NanosPerSecond < 0 ? 1 : 0);
        return new(seconds, (int)(total - ((Int128)seconds * NanosPerSecond)), location);
    }

    public GoTime AddDate(long years, long months, long days)
    {
        var date = Date;
        var local = (CivilDate.ToDays(date.Year + years, date.Month + months, date.Day + days) * CivilDate.SecondsPerDay) + SecondOfDay;
        return FromLocal(local, nanosecond, location);
    }

    /// <summary>Nanoseconds between two times, clamped to what a Duration holds.</summary>
    public long Since(GoTime other)
    {
        var difference = (((Int128)unix - other.Unix) * NanosPerSecond) + nanosecond - other.Nanosecond;
        return (long)Int128.Clamp(difference, long.MinValue, long.MaxValue);
    }

    public int CompareTo(GoTime other) => unix != other.Unix ? unix.CompareTo(other.Unix) : nanosecond.CompareTo(other.Nanosecond);

    /// <summary>The instant at which a zone's clocks show a time.</summary>
    public static GoTime FromLocal(long localSeconds, int nanosecond, GoLocation location)
    {
        var offset = location.At(localSeconds).Offset;
        if (location.At(localSeconds - offset).Offset is var actual && actual != offset)
        {
            offset = actual;
        }

        return new(localSeconds - offset, nanosecond, location);
    }
}
