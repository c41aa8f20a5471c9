using System.Globalization;

namespace GitOpsSecrets.Sops.Values;

/// <summary>Takes the parts of a time off the front of a text. Ranges are checked by <see cref="GoTime"/>.</summary>
internal struct GoTimeScanner(string text)
{
    private int _at;

    public int Year { get; private set; }

    public int Month { get; private set; }

    public int Day { get; private set; }

    public int Hour { get; private set; }

    public int Minute { get; private set; }

    public int Second { get; private set; }

    public string Fraction { get; private set; } = "";

    public string Offset { get; private set; } = "Z";

    public readonly bool AtEnd => _at == text.Length;

    public bool Take(char c)
    {
        if (_at >= text.Length || text[_at] != c) return false;
        _at++;
        return true;
    }

    public bool Date(int maxDigits, bool exact)
    {
        if (!Number(4, exact: true, out var year) || !Take('-')
            || !Number(maxDigits, exact, out var month) || !Take('-')
            || !Number(maxDigits, exact, out var day))
        {
            return false;
        }
        (Year, Month, Day) = (year, month, day);
        return true;
    }

    public bool Clock(bool exact)
    {
        if (!Number(2, exact, out var hour) || !Take(':') || !Number(2, exact, out var minute) || !Take(':') || !Number(2, exact, out var second)) return false;
        (Hour, Minute, Second) = (hour, minute, second);
        if (!Take('.') && !Take(',')) return true;
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        Fraction = text[start..Math.Min(_at, start + 9)];
        return _at > start;
    }

    public bool Zone()
    {
        if (Take('Z')) return true;
        var sign = Take('+') ? '+' : Take('-') ? '-' : ' ';
        if (sign == ' ' || !Number(2, exact: true, out var hours) || !Take(':') || !Number(2, exact: true, out var minutes)) return false;
        if (hours > 24 || minutes > 59) return false;
        Offset = hours == 0 && minutes == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{sign}{hours:D2}:{minutes:D2}");
        return true;
    }

    private bool Number(int maxDigits, bool exact, out int value)
    {
        value = 0;
        var start = _at;
        while (_at < text.Length && _at - start < maxDigits && char.IsAsciiDigit(text[_at]))
        {
            value = (value * 10) + (text[_at++] - '0');
        }
        return exact ? _at - start == maxDigits : _at > start;
    }
}
