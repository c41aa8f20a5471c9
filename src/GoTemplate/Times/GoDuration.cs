using System.Buffers;
using System.Globalization;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>time.Duration's text: nanoseconds as <c>1h2m3.5s</c>.</summary>
internal static class GoDuration
{
    public const long Second = 1_000_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Nanoseconds)[] Units =
        [("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", Second), ("m", Minute), ("h", Hour)];

    public static string Text(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }

        var sign = nanoseconds < 0 ? "-" : "";
        var magnitude = nanoseconds < 0 ? unchecked(0UL - (ulong)nanoseconds) : (ulong)nanoseconds;
        if (magnitude < Second)
        {
            var (unit, size) = magnitude switch
            {
                < 1000 => ("ns", 1UL),
                < 1_000_000 => ("µs", 1000UL),
                _ => ("ms", 1_000_000UL),
            };
            return sign + Fraction(magnitude, size) + unit;
        }

        var minutes = magnitude / Minute;
        var seconds = Fraction(magnitude % Minute, Second) + "s";
        return minutes switch
        {
            0 => sign + seconds,
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes}m{seconds}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60}h{minutes % 60}m{seconds}"),
        };
    }

    /// <returns>The duration, or Go's message.</returns>
    public static (long Nanoseconds, string? Error) Parse(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        rest = negative || rest.StartsWith("+") ? rest[1..] : rest;
        if (rest is "0")
        {
            return (0, null);
        }

        Int128 total = 0;
        if (rest.IsEmpty)
        {
            return Invalid(text, "invalid duration");
        }

        while (!rest.IsEmpty)
        {
            var numberLength = rest.IndexOfAnyExcept(NumberCharacters);
            numberLength = numberLength < 0 ? rest.Length : numberLength;
            var number = rest[..numberLength];
            if (number.IsEmpty || number is "." || number.Count('.') > 1 || numberLength > 30)
            {
                return Invalid(text, "invalid duration");
            }

            rest = rest[numberLength..];
            var unitLength = rest.IndexOfAny(NumberCharacters);
            var unit = unitLength < 0 ? rest : rest[..unitLength];
            if (unit.IsEmpty)
            {
                return Invalid(text, "missing unit in duration");
            }

            var name = unit.ToString();
            var size = Array.Find(Units, candidate => candidate.Name == name).Nanoseconds;
            if (size == 0)
            {
                return (0, $"time: unknown unit {GoQuote.Quote(name)} in duration {GoQuote.Quote(text)}");
            }

            total += Scaled(number, size);
            if (total > (Int128)long.MaxValue + 1)
            {
                return Invalid(text, "invalid duration");
            }

            rest = rest[unit.Length..];
        }

        total = negative ? -total : total;
        return total > long.MaxValue ? Invalid(text, "invalid duration") : ((long)total, null);
    }

    private static Int128 Scaled(ReadOnlySpan<char> number, long size)
    {
        var point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var value = whole.IsEmpty ? 0 : Int128.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture) * size;
        var scale = (decimal)size;
        foreach (var digit in point < 0 ? [] : number[(point + 1)..])
        {
            scale /= 10;
            value += (Int128)(scale * (digit - '0'));
        }

        return value;
    }

    private static (long Nanoseconds, string? Error) Invalid(string text, string what) => (0, $"time: {what} {GoQuote.Quote(text)}");

    private static string Fraction(ulong value, ulong unit)
    {
        var whole = (value / unit).ToString(CultureInfo.InvariantCulture);
        var digits = unit.ToString(CultureInfo.InvariantCulture).Length - 1;
        var fraction = digits == 0 ? "" : (value % unit).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');
        return fraction.Length == 0 ? whole : $"{whole}.{fraction}";
    }
}
