using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>Dates. What is neither a time nor an integer counts as now.</summary>
internal static class DateFunctions
{
    private const string HtmlLayout = "2006-01-02";

    public static GoFunction[] All { get; } =
    [
        new("now", "", call => GoTime.Now(call.Context.Time)),
        new("date", "string, any", call => Show(call, 1, call.Text(0).ToText(), "Local")),
        new("dateInZone", "string, any, string", call => Show(call, 1, call.Text(0).ToText(), call.Text(2).ToText())),
        new("date_in_zone", "string, any, string", call => Show(call, 1, call.Text(0).ToText(), call.Text(2).ToText())),
        new("htmlDate", "any", call => Show(call, 0, HtmlLayout, "Local")),
        new("htmlDateInZone", "any, string", call => Show(call, 0, HtmlLayout, call.Text(1).ToText())),
        new("toDate", "string, string", ToDate),
        new("mustToDate", "string, string", call => TimeParser.Parse(call.Text(0).ToText(), call.Text(1).ToText())),
        new("dateModify", "string, time", call => Modify(call, isStrict: false)),
        new("date_modify", "string, time", call => Modify(call, isStrict: false)),
        new("mustDateModify", "string, time", call => Modify(call, isStrict: true)),
        new("must_date_modify", "string, time", call => Modify(call, isStrict: true)),
        new("unixEpoch", "time", call => GoString.Of(((GoTime)call[0]).Unix.ToString(CultureInfo.InvariantCulture))),
        new("ago", "any", Ago),
        new("duration", "any", call => GoString.Of(GoDuration.Text(unchecked(Seconds(call[0]) * GoDuration.Second)))),
        new("durationRound", "any", call => GoString.Of(Rounded(call))),
    ];

    private static GoString Show(Call call, int index, string layout, string zone)
    {
        var location = GoLocation.Find(zone) ?? GoLocation.Utc;
        return GoString.Of(TimeText.Format(TimeOf(call, call[index]).In(location), layout));
    }

    private static GoTime TimeOf(Call call, GoValue value) => value switch
    {
        GoTime time => time,
        GoInt { Type: var type } number when type == GoType.Int || type == GoType.Int64 || type == GoType.Int32 => new GoTime(number.Value, 0, GoTime.Local),
        _ => GoTime.Now(call.Context.Time),
    };

    private static GoTime ToDate(Call call)
    {
        try
        {
            return TimeParser.Parse(call.Text(0).ToText(), call.Text(1).ToText());
        }
        catch (FunctionException)
        {
            return GoTime.Zero;
        }
    }

    private static GoTime Modify(Call call, bool isStrict)
    {
        var (nanoseconds, error) = GoDuration.Parse(call.Text(0).ToText());
        if (error is not null && isStrict)
        {
            throw new FunctionException(error);
        }

        return error is null ? ((GoTime)call[1]).Add(nanoseconds) : (GoTime)call[1];
    }

    private static GoString Ago(Call call)
    {
        var elapsed = GoTime.Now(call.Context.Time).Since(TimeOf(call, call[0]));
        return GoString.Of(GoDuration.Text(TimeMethods.Round(elapsed, GoDuration.Second)));
    }

    private static long Seconds(GoValue value) => value switch
    {
        GoString text => long.TryParse(text.ToText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds : Clamped(text.ToText()),
        GoInt number when number.Type == GoType.Int64 => number.Value,
        _ => 0,
    };

    /// <summary>Go's ParseInt gives the nearest int64 beside its range error, which sprig ignores.</summary>
    private static long Clamped(string text)
    {
        var isNumber = text.AsSpan().TrimStart("+-") is { IsEmpty: false } digits && digits.IndexOfAnyExceptInRange('0', '9') < 0;
        return !isNumber ? 0 : text[0] == '-' ? long.MinValue : long.MaxValue;
    }

    /// <summary>The largest unit of which there is more than one.</summary>
    private static string Rounded(Call call)
    {
        var nanoseconds = call[0] switch
        {
            GoString text => GoDuration.Parse(text.ToText()).Nanoseconds,
            GoInt number when number.Type == GoType.Int64 => number.Value,
            GoTime time => GoTime.Now(call.Context.Time).Since(time),
            _ => 0,
        };
        var magnitude = nanoseconds < 0 ? unchecked(0UL - (ulong)nanoseconds) : (ulong)nanoseconds;
        const ulong day = (ulong)GoDuration.Hour * 24;
        foreach (var (unit, size) in (ReadOnlySpan<(string, ulong)>)[("y", day * 365), ("mo", day * 30), ("d", day), ("h", (ulong)GoDuration.Hour), ("m", (ulong)GoDuration.Minute), ("s", (ulong)GoDuration.Second)])
        {
            if (magnitude > size)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{magnitude / size}{unit}");
            }
        }

        return "0s";
    }
}
