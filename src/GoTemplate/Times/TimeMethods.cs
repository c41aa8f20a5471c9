using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>Methods of time.Time, Duration, Month, Weekday and Location that templates can call.</summary>
internal static class TimeMethods
{
    public static GoFunction? Find(GoTime time, string name) => name switch
    {
        "Unix" => new(name, "", _ => GoInt.Of64(time.Unix)),
        "UnixMilli" => new(name, "", _ => GoInt.Of64(unchecked((time.Unix * 1000) + (time.Nanosecond / 1_000_000)))),
        "UnixMicro" => new(name, "", _ => GoInt.Of64(unchecked((time.Unix * 1_000_000) + (time.Nanosecond / 1000)))),
        "UnixNano" => new(name, "", _ => GoInt.Of64(unchecked((time.Unix * GoDuration.Second) + time.Nanosecond))),
        "Year" => new(name, "", _ => GoInt.Of(time.Date.Year)),
        "Month" => new(name, "", _ => new GoInt(GoType.Month, time.Date.Month)),
        "Day" => new(name, "", _ => GoInt.Of(time.Date.Day)),
        "Weekday" => new(name, "", _ => new GoInt(GoType.Weekday, time.Weekday)),
        "YearDay" => new(name, "", _ => GoInt.Of(time.YearDay)),
        "Hour" => new(name, "", _ => GoInt.Of(time.Hour)),
        "Minute" => new(name, "", _ => GoInt.Of(time.Minute)),
        "Second" => new(name, "", _ => GoInt.Of(time.Second)),
        "Nanosecond" => new(name, "", _ => GoInt.Of(time.Nanosecond)),
        "IsDST" => new(name, "", _ => GoBool.Of(time.Zone.IsDst)),
        "IsZero" => new(name, "", _ => GoBool.Of(time.CompareTo(GoTime.Zero) == 0)),
        _ => Relative(time, name) ?? Uncallable(name),
    };

    public static GoFunction? OfDuration(long duration, string name) => name switch
    {
        "String" => new(name, "", _ => GoString.Of(GoDuration.Text(duration))),
        "Nanoseconds" => new(name, "", _ => GoInt.Of64(duration)),
        "Microseconds" => new(name, "", _ => GoInt.Of64(duration / 1000)),
        "Milliseconds" => new(name, "", _ => GoInt.Of64(duration / 1_000_000)),
        "Seconds" => new(name, "", _ => Fractional(duration, GoDuration.Second)),
        "Minutes" => new(name, "", _ => Fractional(duration, GoDuration.Minute)),
        "Hours" => new(name, "", _ => Fractional(duration, GoDuration.Hour)),
        "Abs" => new(name, "", _ => Duration(duration == long.MinValue ? long.MaxValue : Math.Abs(duration))),
        "Round" => new(name, "duration", call => Duration(Round(duration, call.Int(0)))),
        "Truncate" => new(name, "duration", call => Duration(call.Int(0) <= 0 ? duration : duration - (duration % call.Int(0)))),
        _ => null,
    };

    /// <summary>To the nearest multiple, half away from zero.</summary>
    public static long Round(long duration, long unit)
    {
        if (unit <= 0)
        {
            return duration;
        }

        var rest = duration % unit;
        var up = Int128.Abs(rest) * 2 >= unit;
        return (long)Int128.Clamp((Int128)duration - rest + (up ? Math.Sign(duration) * (Int128)unit : 0), long.MinValue, long.MaxValue);
    }

    private static GoFunction? Relative(GoTime time, string name) => name switch
    {
        "Format" => new(name, "string", call => GoString.Of(TimeText.Format(time, call.Text(0).ToText()))),
        "String" or "GoString" => new(name, "", _ => GoString.Of(TimeText.Show(time))),
        "Add" => new(name, "duration", call => time.Add(call.Int(0))),
        "AddDate" => new(name, "int, int, int", call => time.AddDate(Bounded(call, 0), Bounded(call, 1), Bounded(call, 2))),
        "Sub" => new(name, "time", call => Duration(time.Since((GoTime)call[0]))),
        "Before" => new(name, "time", call => GoBool.Of(time.CompareTo((GoTime)call[0]) < 0)),
        "After" => new(name, "time", call => GoBool.Of(time.CompareTo((GoTime)call[0]) > 0)),
        "Equal" => new(name, "time", call => GoBool.Of(time.CompareTo((GoTime)call[0]) == 0)),
        "Compare" => new(name, "time", call => GoInt.Of(time.CompareTo((GoTime)call[0]))),
        "UTC" or "Local" => new(name, "", _ => time.In(GoLocation.Utc)),
        "In" => new(name, "location", call => time.In((GoLocation)call[0])),
        "Location" => new(name, "", _ => time.Location),
        "Round" => new(name, "duration", call => Rounded(time, call.Int(0), half: true)),
        "Truncate" => new(name, "duration", call => Rounded(time, call.Int(0), half: false)),
        "MarshalJSON" => new(name, "", _ => Bytes($"\"{TimeText.Format(time, TimeText.Rfc3339Nano)}\"")),
        "MarshalText" => new(name, "", _ => Bytes(TimeText.Format(time, TimeText.Rfc3339Nano))),
        _ => null,
    };

    private static GoFunction? Uncallable(string name) => name switch
    {
        "ISOWeek" or "Zone" => Invalid(name, $"invalid function signature for {name}: second return value should be error; is int"),
        "ZoneBounds" => Invalid(name, $"invalid function signature for {name}: second return value should be error; is time.Time"),
        "Date" or "Clock" => Invalid(name, $"function {name} has 3 return values; should be 1 or 2"),
        _ => null,
    };

    private static GoFunction Invalid(string name, string reason) => new(name, "", _ => GoNil.Value) { InvalidSignature = reason };

    /// <summary>Keeps years, months and days where 64-bit seconds cannot overflow.</summary>
    private static long Bounded(Call call, int index) => Math.Clamp(call.Int(index), -1_000_000_000, 1_000_000_000);

    private static GoInt Duration(long nanoseconds) => new(GoType.Duration, nanoseconds);

    private static GoFloat Fractional(long duration, long unit) => new((duration / unit) + ((duration % unit) / (double)unit));

    private static GoList Bytes(string text) => new(GoType.Bytes, [.. GoString.Of(text).Memory.ToArray().Select(value => new GoUint(GoType.Uint8, value))]);

    private static GoTime Rounded(GoTime time, long unit, bool half)
    {
        if (unit <= 0)
        {
            return time.In(time.Location);
        }

        // Go rounds from its zero time.
        var sinceZero = (((Int128)time.Unix - GoTime.Zero.Unix) * GoDuration.Second) + time.Nanosecond;
        var rest = (long)(((sinceZero % unit) + unit) % unit);
        return time.Add(half && (Int128)rest * 2 >= unit ? unit - rest : -rest);
    }
}
