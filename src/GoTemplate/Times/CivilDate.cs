namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>A day of the proleptic Gregorian calendar. .NET's own types begin at year 1; Go's zero dates are in year 0.</summary>
internal readonly record struct CivilDate(long Year, int Month, int Day)
{
    public const long SecondsPerDay = 86_400;

    private const int DaysPerEra = 146_097;
    private const int EpochOffset = 719_468;

    public static readonly string[] MonthNames =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    public static readonly string[] WeekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>Days since 1970-01-01. Months and days outside their range carry over, as Go's do.</summary>
    public static long ToDays(long year, long month, long day)
    {
        year += FloorDiv(month - 1, 12);
        month = FloorMod(month - 1, 12) + 1;
        year -= month <= 2 ? 1 : 0;
        var era = FloorDiv(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * DaysPerEra) + dayOfEra - EpochOffset + day - 1;
    }

    public static CivilDate FromDays(long days)
    {
        days += EpochOffset;
        var era = FloorDiv(days, DaysPerEra);
        var dayOfEra = days - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return new((era * 400) + yearOfEra + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    public static int DaysIn(long year, int month) => (int)(ToDays(year, month + 1, 1) - ToDays(year, month, 1));

    /// <summary>0 is Sunday.</summary>
    public static int Weekday(long days) => (int)FloorMod(days + 4, 7);

    public static long FloorDiv(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);

    public static long FloorMod(long a, long b) => ((a % b) + b) % b;
}
