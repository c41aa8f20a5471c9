using System.Globalization;

namespace GitOpsSecrets.Sops.Values;

/// <summary>
/// A moment with its offset, as Go's time package reads and writes it: nanoseconds and offsets survive, which DateTimeOffset would lose.
/// </summary>
internal sealed record GoTime
{
    private GoTime(string seconds, string fraction, string offset)
    {
        Seconds = seconds;
        Fraction = fraction;
        Offset = offset;
    }

    /// <summary><c>2006-01-02T15:04:05</c>.</summary>
    private string Seconds { get; }

    /// <summary>Up to nine digits, trailing zeros cut; may be empty.</summary>
    private string Fraction { get; }

    /// <summary><c>Z</c> or <c>±hh:mm</c>; an offset of zero is always <c>Z</c>.</summary>
    private string Offset { get; }

    public static GoTime From(DateTimeOffset moment) =>
        new(moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), "", "Z");

    /// <summary>RFC 3339 with or without a fraction: what metadata holds.</summary>
    public static GoTime? ParseRfc3339(string text)
    {
        var scanner = new GoTimeScanner(text);
        return scanner.Date(maxDigits: 2, exact: true) && scanner.Take('T') && scanner.Clock(exact: true) && scanner.Zone() && scanner.AtEnd
            ? Create(scanner)
            : null;
    }

    /// <summary>
    /// The forms that go-yaml takes for a timestamp: <c>Y-M-D</c>, <c>Y-M-D h:m:s[.f]</c>, and with <c>T</c> or <c>t</c> and a zone; months
    /// to seconds of one or two digits.
    /// </summary>
    public static GoTime? ParseYaml(string text)
    {
        var scanner = new GoTimeScanner(text);
        if (!scanner.Date(maxDigits: 2, exact: false)) return null;
        if (scanner.AtEnd) return Create(scanner);
        if (scanner.Take(' ')) return scanner.Clock(exact: false) && scanner.AtEnd ? Create(scanner) : null;
        return (scanner.Take('T') || scanner.Take('t')) && scanner.Clock(exact: false) && scanner.Zone() && scanner.AtEnd ? Create(scanner) : null;
    }

    /// <summary>Go's time.RFC3339: what the MAC is bound to. A fraction is dropped.</summary>
    public string ToSeconds() => Seconds + Offset;

    /// <summary>Go's time.RFC3339Nano: what is encrypted and hashed.</summary>
    public string ToNanoseconds() => Fraction.Length == 0 ? ToSeconds() : $"{Seconds}.{Fraction}{Offset}";

    public override string ToString() => nameof(GoTime);

    private static GoTime? Create(GoTimeScanner scanner)
    {
        if (scanner.Year < 1 || scanner.Month is < 1 or > 12 || scanner.Day < 1 || scanner.Day > DateTime.DaysInMonth(scanner.Year, scanner.Month)) return null;
        if (scanner.Hour > 23 || scanner.Minute > 59 || scanner.Second > 59) return null;
        var seconds = string.Create(
            CultureInfo.InvariantCulture,
            $"{scanner.Year:D4}-{scanner.Month:D2}-{scanner.Day:D2}T{scanner.Hour:D2}:{scanner.Minute:D2}:{scanner.Second:D2}");
        return new GoTime(seconds, scanner.Fraction.TrimEnd('0'), scanner.Offset);
    }
}
