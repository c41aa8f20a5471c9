using System.Globalization;
using System.Text;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>time.Time's Format.</summary>
internal static class TimeText
{
    public const string Rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

    private const string Default = "2006-01-02 15:04:05.999999999 -0700 MST";

    public static string Format(GoTime time, string layout)
    {
        var text = new StringBuilder();
        foreach (var element in LayoutElement.Split(layout))
        {
            text.Append(element.Prefix);
            text.Append(element.IsFraction ? Fraction(time.Nanosecond, element.Text) : Element(time, element.Text));
        }

        return text.ToString();
    }

    /// <summary>The time as fmt prints it.</summary>
    public static string Show(GoTime time)
    {
        var text = Format(time, Default);
        if (time.Monotonic is not { } monotonic)
        {
            return text;
        }

        return text + string.Create(CultureInfo.InvariantCulture, $" m=+{monotonic / GoDuration.Second}.{monotonic % GoDuration.Second:000000000}");
    }

    private static string Element(GoTime time, string element) => element switch
    {
        "2006" => (time.Date.Year < 0 ? "-" : "") + Padded(Math.Abs(time.Date.Year), 4),
        "06" => Padded(CivilDate.FloorMod(time.Date.Year, 100), 2),
        "January" => CivilDate.MonthNames[time.Date.Month - 1],
        "Jan" => CivilDate.MonthNames[time.Date.Month - 1][..3],
        "01" => Padded(time.Date.Month, 2),
        "1" => Padded(time.Date.Month, 1),
        "Monday" => CivilDate.WeekdayNames[time.Weekday],
        "Mon" => CivilDate.WeekdayNames[time.Weekday][..3],
        "02" => Padded(time.Date.Day, 2),
        "_2" => Padded(time.Date.Day, 1).PadLeft(2),
        "2" => Padded(time.Date.Day, 1),
        "002" => Padded(time.YearDay, 3),
        "__2" => Padded(time.YearDay, 1).PadLeft(3),
        _ => Clock(time, element),
    };

    private static string Clock(GoTime time, string element) => element switch
    {
        "15" => Padded(time.Hour, 2),
        "03" => Padded(((time.Hour + 11) % 12) + 1, 2),
        "3" => Padded(((time.Hour + 11) % 12) + 1, 1),
        "04" => Padded(time.Minute, 2),
        "4" => Padded(time.Minute, 1),
        "05" => Padded(time.Second, 2),
        "5" => Padded(time.Second, 1),
        "PM" => time.Hour >= 12 ? "PM" : "AM",
        "pm" => time.Hour >= 12 ? "pm" : "am",
        "MST" => time.Zone.Abbreviation is { Length: > 0 } name ? name : Offset(time.Zone.Offset, "-0700"),
        "" => "",
        _ => element[0] == 'Z' && time.Zone.Offset == 0 ? "Z" : Offset(time.Zone.Offset, element),
    };

    private static string Offset(int seconds, string form)
    {
        var colon = form.Contains(':', StringComparison.Ordinal) ? ":" : "";
        var digits = form.Count(char.IsAsciiDigit);
        var magnitude = Math.Abs(seconds);
        var text = (seconds < 0 ? "-" : "+") + Padded(magnitude / 3600, 2);
        text += digits >= 4 ? colon + Padded(magnitude / 60 % 60, 2) : "";
        return text + (digits >= 6 ? colon + Padded(magnitude % 60, 2) : "");
    }

    private static string Fraction(int nanosecond, string form)
    {
        var digits = Padded(nanosecond, 9)[..Math.Min(form.Length - 1, 9)];
        if (form[1] == '0')
        {
            return form[0] + digits;
        }

        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? "" : form[0] + digits;
    }

    private static string Padded(long value, int width) => value.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
}
