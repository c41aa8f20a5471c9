using System.Globalization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Rules;

/// <summary>
/// A schedule of five fields (minute, hour, day, month, weekday) or <c>@daily</c>, <c>@every 1h</c> and the like, in UTC. Of day and weekday, when both are
/// limited, either will do, as in cron.
/// </summary>
public sealed class CronSchedule
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Some dates come once in eight years (29 February around 2100).</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366 * 9);

    private readonly ulong minutes;
    private readonly ulong hours;
    private readonly ulong days;
    private readonly ulong months;
    private readonly ulong weekdays;
    private readonly bool eitherDay;
    private readonly TimeSpan? every;

    private CronSchedule(TimeSpan every) => this.every = every;

    private CronSchedule(ulong minutes, ulong hours, ulong days, ulong months, ulong weekdays, bool eitherDay)
    {
        this.minutes = minutes;
        this.hours = hours;
        this.days = days;
        this.months = months;
        this.weekdays = weekdays;
        this.eitherDay = eitherDay;
    }

    /// <returns>null when it is no schedule.</returns>
    public static CronSchedule? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Every = "@every ";
        if (text.StartsWith(Every, StringComparison.Ordinal))
        {
            if (!GoDuration.TryParse(text[Every.Length..].Trim(), out var every, out _)) return null;
            // Whole seconds, and one at the least, as in the original.
            return new CronSchedule(every < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(Math.Floor(every.TotalSeconds)));
        }
        var fields = (text switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => text,
        }).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5) return null;
        if (Field(fields[0], 0, 59, []) is not { } minutes || Field(fields[1], 0, 23, []) is not { } hours
            || Field(fields[2], 1, 31, []) is not { } days || Field(fields[3], 1, 12, Months) is not { } months || Field(fields[4], 0, 7, Days) is not { } weekdays)
        {
            return null;
        }
        // 7 is Sunday too.
        if ((weekdays & (1UL << 7)) != 0) weekdays |= 1;
        return new CronSchedule(minutes, hours, days, months, weekdays, eitherDay: !IsAny(fields[2]) && !IsAny(fields[4]));
    }

    /// <summary>The last firing at or before <paramref name="now"/> that is not before <paramref name="earliest"/>.</summary>
    public DateTimeOffset? Last(DateTimeOffset now, DateTimeOffset earliest)
    {
        if (every is { } step)
        {
            // Counted from the epoch, so that every replica and every restart agrees.
            var last = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % step.Ticks), TimeSpan.Zero);
            return last >= earliest ? last : null;
        }
        return Search(TruncateToMinute(now), -1, at => at >= earliest);
    }

    /// <summary>The next firing after <paramref name="now"/>; null when there is none in sight.</summary>
    public DateTimeOffset? Next(DateTimeOffset now) => every is { } step
        ? new DateTimeOffset(now.UtcTicks - (now.UtcTicks % step.Ticks) + step.Ticks, TimeSpan.Zero)
        : Search(TruncateToMinute(now).AddMinutes(1), 1, at => at - now <= Horizon);

    /// <summary>Walks over days that do not fit in one step, over hours in one, over minutes in one.</summary>
    private DateTimeOffset? Search(DateTimeOffset at, int direction, Func<DateTimeOffset, bool> goesOn)
    {
        while (goesOn(at))
        {
            if (!FitsDay(at)) at = Edge(at, TimeSpan.FromDays(1), direction);
            else if (!Has(hours, at.Hour)) at = Edge(at, TimeSpan.FromHours(1), direction);
            else if (!Has(minutes, at.Minute)) at = at.AddMinutes(direction);
            else return at;
        }
        return null;
    }

    /// <summary>The first minute of the next unit, or the last one of the unit before.</summary>
    private static DateTimeOffset Edge(DateTimeOffset at, TimeSpan unit, int direction)
    {
        var start = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % unit.Ticks), TimeSpan.Zero);
        return direction > 0 ? start + unit : start.AddMinutes(-1);
    }

    private bool FitsDay(DateTimeOffset at)
    {
        if (!Has(months, at.Month)) return false;
        var (day, weekday) = (Has(days, at.Day), Has(weekdays, (int)at.DayOfWeek));
        return eitherDay ? day || weekday : day && weekday;
    }

    private static DateTimeOffset TruncateToMinute(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private static bool Has(ulong set, int value) => (set & (1UL << value)) != 0;

    /// <summary><c>*/2</c> is a limit, as in the original (robfig/cron); <c>*/1</c> is none.</summary>
    private static bool IsAny(string field) => field.Split(',').Any(part => part.Split('/') is ["*" or "?", .. var step] && (step is [] || int.Parse(step[0], CultureInfo.InvariantCulture) == 1));

    private static ulong? Field(string text, int least, int most, string[] names)
    {
        ulong set = 0;
        foreach (var part in text.Split(','))
        {
            if (Range(part, least, most, names) is not { } range) return null;
            set |= range;
        }
        return set;
    }

    /// <summary><c>*</c>, <c>5</c>, <c>1-5</c>, each with <c>/step</c>; <c>5/10</c> runs to the end.</summary>
    private static ulong? Range(string text, int least, int most, string[] names)
    {
        var slash = text.Split('/');
        if (slash.Length > 2) return null;
        var step = 1;
        if (slash.Length == 2 && (!int.TryParse(slash[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1)) return null;
        var ends = slash[0].Split('-');
        int from, to;
        if (slash[0] is "*" or "?")
        {
            // A seventh weekday would be a second Sunday.
            (from, to) = (least, names == Days ? 6 : most);
        }
        else
        {
            if (ends.Length > 2 || Number(ends[0], least, names) is not { } first) return null;
            from = first;
            if (ends.Length == 1) to = slash.Length == 2 ? most : from;
            else if (Number(ends[1], least, names) is { } last) to = last;
            else return null;
        }
        if (from < least || to > most || from > to) return null;
        ulong set = 0;
        for (var value = from; value <= to; value += step) set |= 1UL << value;
        return set;
    }

    private static int? Number(string text, int least, string[] names)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        var index = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + (names == Months ? least : 0);
    }
}
