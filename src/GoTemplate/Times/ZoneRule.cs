using System.Globalization;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>The POSIX rule at a zone file's end, for times after its last transition: <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
internal sealed class ZoneRule
{
    private const int DefaultChange = 2 * 3600;

    private readonly ZoneSpan standard;
    private readonly ZoneSpan? daylight;
    private readonly Change start;
    private readonly Change end;

    private ZoneRule(ZoneSpan standard, ZoneSpan? daylight, Change start, Change end)
    {
        this.standard = standard;
        this.daylight = daylight;
        this.start = start;
        this.end = end;
    }

    public static ZoneRule? Parse(string text)
    {
        var position = 0;
        var name = Name(text, ref position);
        if (name.Length == 0 || position >= text.Length)
        {
            return null;
        }

        var standard = new ZoneSpan(name, -Seconds(text, ref position), false);
        if (position >= text.Length)
        {
            return new(standard, null, default, default);
        }

        var daylightName = Name(text, ref position);
        var offset = position < text.Length && text[position] != ',' ? -Seconds(text, ref position) : standard.Offset + 3600;
        var changes = text[position..].Split(',', StringSplitOptions.RemoveEmptyEntries);
        return changes.Length == 2 ? new(standard, new ZoneSpan(daylightName, offset, true), Change.Parse(changes[0]), Change.Parse(changes[1])) : null;
    }

    public ZoneSpan At(long unixSeconds)
    {
        if (daylight is not { } summer)
        {
            return standard;
        }

        var year = CivilDate.FromDays(CivilDate.FloorDiv(unixSeconds + standard.Offset, CivilDate.SecondsPerDay)).Year;
        var from = start.In(year) - standard.Offset;
        var to = end.In(year) - summer.Offset;
        var isSummer = from < to ? unixSeconds >= from && unixSeconds < to : unixSeconds >= from || unixSeconds < to;
        return isSummer ? summer : standard;
    }

    private static string Name(string text, ref int position)
    {
        var from = position;
        if (position < text.Length && text[position] == '<')
        {
            position = text.IndexOf('>', position) + 1;
            return position > 0 ? text[(from + 1)..(position - 1)] : "";
        }

        while (position < text.Length && char.IsAsciiLetter(text[position]))
        {
            position++;
        }

        return text[from..position];
    }

    /// <summary><c>[+-]h[h[h]][:mm[:ss]]</c>.</summary>
    private static int Seconds(string text, ref int position)
    {
        var from = position;
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || text[position] is '+' or '-' or ':'))
        {
            position++;
        }

        return SecondsOf(text[from..position]);
    }

    private static int SecondsOf(string text)
    {
        var parts = text.TrimStart('+', '-').Split(':');
        var value = 0;
        for (var i = 0; i < 3; i++)
        {
            value = (value * 60) + (i < parts.Length ? int.Parse(parts[i], CultureInfo.InvariantCulture) : 0);
        }

        return text.StartsWith('-') ? -value : value;
    }

    private readonly record struct Change(char Kind, int Month, int Week, int Day, int Time)
    {
        public static Change Parse(string text)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            var time = slash < 0 ? DefaultChange : SecondsOf(text[(slash + 1)..]);
            var date = slash < 0 ? text : text[..slash];
            if (date[0] == 'M')
            {
                var parts = date[1..].Split('.');
                return new('M', Number(parts[0]), Number(parts[1]), Number(parts[2]), time);
            }

            return date[0] == 'J' ? new('J', 0, 0, Number(date[1..]), time) : new('D', 0, 0, Number(date), time);
        }

        /// <summary>Seconds since the epoch on the zone's own clock.</summary>
        public long In(long year) => (DayIn(year) * CivilDate.SecondsPerDay) + Time;

        private long DayIn(long year)
        {
            var first = CivilDate.ToDays(year, 1, 1);
            if (Kind == 'D')
            {
                return first + Day;
            }

            if (Kind == 'J')
            {
                // Days from 1, 29 February never counted.
                return first + Day - 1 + (Day >= 60 && CivilDate.DaysIn(year, 2) == 29 ? 1 : 0);
            }

            var monthStart = CivilDate.ToDays(year, Month, 1);
            var day = monthStart + CivilDate.FloorMod(Day - CivilDate.Weekday(monthStart), 7) + ((Week - 1) * 7);
            return day >= monthStart + CivilDate.DaysIn(year, Month) ? day - 7 : day;
        }

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
