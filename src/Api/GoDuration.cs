using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary>
/// A span of time as Go writes it (<c>1h30m</c>, <c>0</c>, <c>-5s</c>), or a whole number of seconds. Keeps the text it was
/// read from, so that it is written back the same; a text that is no duration is kept too, for a condition to name.
/// </summary>
[JsonConverter(typeof(GoDurationConverter))]
public readonly record struct GoDuration
{
    private const long Second = 1_000_000_000;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private GoDuration(string text, bool isNumber, TimeSpan? value, string? error) =>
        (Text, IsNumber, Value, Error) = (text, isNumber, value, error);

    public string Text { get; }

    /// <summary>Written as a JSON number, of seconds.</summary>
    public bool IsNumber { get; }

    /// <summary>To 100 ns; <c>null</c> when the text is no duration.</summary>
    public TimeSpan? Value { get; }

    /// <summary>What Go says about a text that is no duration.</summary>
    public string? Error { get; }

    public static GoDuration Parse(string text) =>
        TryParse(text, out var value, out var error) ? new(text, isNumber: false, value, null) : new(text, isNumber: false, null, error);

    public static GoDuration FromSeconds(long seconds) => Math.Abs(seconds) <= long.MaxValue / Second
        ? new(seconds.ToString(CultureInfo.InvariantCulture), isNumber: true, TimeSpan.FromSeconds(seconds), null)
        : new(seconds.ToString(CultureInfo.InvariantCulture), isNumber: true, null, $"{seconds} seconds are out of range");

    public override string ToString() => Text;

    /// <param name="text">Such as <c>1h30m</c>; <c>0</c> needs no unit.</param>
    /// <param name="value">To 100 ns, towards zero.</param>
    /// <param name="error">Go's words: <c>time: invalid duration "x"</c> and the like.</param>
    public static bool TryParse(string text, out TimeSpan value, out string? error)
    {
        value = TimeSpan.Zero;
        error = null;
        var negative = text.StartsWith('-');
        var rest = negative || text.StartsWith('+') ? text.AsSpan(1) : text.AsSpan();
        if (rest is "0") return true;
        // Ticks of a Go duration are nanoseconds in a signed 64-bit number; beyond that it is invalid.
        var total = rest.IsEmpty ? Invalid(text, out error) : 0m;
        while (error is null && !rest.IsEmpty) total += ReadPart(text, ref rest, out error);
        if (error is null && total > (negative ? 9_223_372_036_854_775_808m : long.MaxValue)) Invalid(text, out error);
        if (error is not null) return false;
        // What is less than the smallest time that we have is not none at all.
        value = TimeSpan.FromTicks((long)Math.Max(decimal.Truncate(total / 100), total > 0 ? 1 : 0) * (negative ? -1 : 1));
        return true;
    }

    /// <summary>One number with its unit, in nanoseconds.</summary>
    private static decimal ReadPart(string text, ref ReadOnlySpan<char> rest, out string? error)
    {
        error = null;
        var length = rest.IndexOfAnyExcept(NumberCharacters);
        var number = length < 0 ? rest : rest[..length];
        if (number.Count('.') > 1 || !number.ContainsAnyInRange('0', '9') || number.Length > 28) return Invalid(text, out error);
        rest = rest[number.Length..];
        var unitLength = rest.IndexOfAny(NumberCharacters);
        var unit = (unitLength < 0 ? rest : rest[..unitLength]).ToString();
        rest = rest[unit.Length..];
        if (unit.Length == 0)
        {
            error = $"time: missing unit in duration \"{text}\"";
            return 0;
        }
        var nanoseconds = NanosecondsOf(unit);
        if (nanoseconds == 0)
        {
            error = $"time: unknown unit \"{unit}\" in duration \"{text}\"";
            return 0;
        }
        var amount = decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return amount > long.MaxValue / nanoseconds ? Invalid(text, out error) : decimal.Truncate(amount * nanoseconds);
    }

    private static decimal Invalid(string text, out string? error)
    {
        error = $"time: invalid duration \"{text}\"";
        return 0;
    }

    private static long NanosecondsOf(string unit) => unit switch
    {
        "ns" => 1,
        "us" or "\u00b5s" or "\u03bcs" => 1_000,
        "ms" => 1_000_000,
        "s" => Second,
        "m" => 60 * Second,
        "h" => 3600 * Second,
        _ => 0,
    };
}
