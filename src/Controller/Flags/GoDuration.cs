using System.Buffers;
using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>Durations as Go writes them (<c>720h30m</c>, <c>1.5s</c>, <c>0</c>): what flags and manifests made for the original contain. No days.</summary>
internal static class GoDuration
{
    public const string Expectation = "a duration such as 720h, 30m or 1h15m30s";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <returns><c>false</c> for anything that Go's time.ParseDuration refuses, or that does not fit a <see cref="TimeSpan"/>.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..]) rest = rest[1..];
        if (rest is "0") return true;
        if (rest.IsEmpty) return false;
        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0) return false;
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return false;
            rest = rest[digits..];
            var next = rest.IndexOfAny(Digits);
            var unit = TicksPer(next < 0 ? rest : rest[..next]);
            if (unit is null || amount > long.MaxValue / unit.Value) return false;
            ticks += amount * unit.Value;
            rest = next < 0 ? [] : rest[next..];
        }
        if (ticks > long.MaxValue) return false;
        duration = TimeSpan.FromTicks(decimal.ToInt64(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>As Go's Duration.String, down to milliseconds: <c>720h0m0s</c>, <c>1m30s</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var text = new StringBuilder();
        if (duration < TimeSpan.Zero) text.Append('-');
        var span = duration.Duration();
        var hours = (long)span.TotalHours;
        if (hours > 0) text.Append(hours).Append('h');
        if (span.TotalMinutes >= 1) text.Append(span.Minutes).Append('m');
        text.Append((span.Seconds + (span.Milliseconds / 1000m)).ToString("0.###", CultureInfo.InvariantCulture)).Append('s');
        return text.ToString();
    }

    private static decimal? TicksPer(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
