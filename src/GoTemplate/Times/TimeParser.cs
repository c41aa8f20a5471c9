using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>time.Parse: reads a text by a layout. Without a zone in it the time is UTC.</summary>
internal sealed class TimeParser
{
    private readonly string layout;
    private readonly string text;
    private int position;
    private long year;
    private int month = -1;
    private int day = -1;
    private int yearDay = -1;
    private int hour;
    private int minute;
    private int second;
    private int nanosecond;
    private bool isPm;
    private bool isAm;
    private int? offset;
    private string zoneName = "";
    private bool isUtc;

    private TimeParser(string layout, string text)
    {
        this.layout = layout;
        this.text = text;
    }

    /// <exception cref="FunctionException">The text does not follow the layout; the message is Go's.</exception>
    public static GoTime Parse(string layout, string text) => new TimeParser(layout, text).Parse();

    private string Rest => text[position..];

    private GoTime Parse()
    {
        var elements = LayoutElement.Split(layout);
        for (var i = 0; i < elements.Count; i++)
        {
            Skip(elements[i].Prefix);
            var element = elements[i].Text;
            if (element.Length == 0)
            {
                break;
            }

            var before = position;
            if (!Read(elements[i], i + 1 < elements.Count && elements[i + 1] is { Prefix: "", IsFraction: true }))
            {
                throw new FunctionException($"parsing time {GoQuote.Quote(text)} as {GoQuote.Quote(layout)}: cannot parse {GoQuote.Quote(text[before..])} as {GoQuote.Quote(element)}");
            }
        }

        return position < text.Length ? throw Invalid($"extra text: {GoQuote.Quote(Rest)}") : Build();
    }

    private void Skip(string prefix)
    {
        for (var i = 0; i < prefix.Length; i++)
        {
            // A blank in the layout stands for any number of them.
            if (prefix[i] == ' ')
            {
                if (position < text.Length && text[position] != ' ')
                {
                    throw Mismatch(prefix[i..]);
                }

                while (i + 1 < prefix.Length && prefix[i + 1] == ' ')
                {
                    i++;
                }

                while (position < text.Length && text[position] == ' ')
                {
                    position++;
                }

                continue;
            }

            if (position >= text.Length || text[position] != prefix[i])
            {
                throw Mismatch(prefix[i..]);
            }

            position++;
        }
    }

    private FunctionException Mismatch(string prefix) =>
        new($"parsing time {GoQuote.Quote(text)} as {GoQuote.Quote(layout)}: cannot parse {GoQuote.Quote(Rest)} as {GoQuote.Quote(prefix)}");

    private FunctionException Invalid(string what) => new($"parsing time {GoQuote.Quote(text)}: {what}");

    private bool Read(LayoutElement element, bool fractionFollows)
    {
        if (element.IsFraction)
        {
            return ReadFraction(element.Text);
        }

        switch (element.Text)
        {
            case "2006":
                return ReadNumber(4, 4, out var longYear) && Set(out year, longYear);
            case "06":
                return ReadNumber(2, 2, out var shortYear) && Set(out year, shortYear + (shortYear >= 69 ? 1900 : 2000));
            case "January" or "Jan":
                return ReadName(CivilDate.MonthNames, element.Text == "Jan", out month);
            case "Monday" or "Mon":
                return ReadName(CivilDate.WeekdayNames, element.Text == "Mon", out _);
            case "01" or "1":
                return ReadNumber(element.Text.Length, 2, out month);
            case "02" or "2" or "_2":
                SkipBlank(element.Text == "_2");
                return ReadNumber(element.Text == "02" ? 2 : 1, 2, out day);
            case "002" or "__2":
                SkipBlank(element.Text == "__2");
                SkipBlank(element.Text == "__2");
                return ReadNumber(element.Text == "002" ? 3 : 1, 3, out yearDay);
            case "PM" or "pm":
                return ReadHalf(element.Text);
            case "MST":
                return ReadZoneName();
            default:
                return element.Text[0] is 'Z' or '-' ? ReadOffset(element.Text) : ReadClock(element.Text, fractionFollows);
        }
    }

    private static bool Set(out long target, long value)
    {
        target = value;
        return true;
    }

    private bool ReadClock(string element, bool fractionFollows)
    {
        switch (element)
        {
            case "15":
                return ReadNumber(1, 2, out hour) && InRange(hour, 24, "hour");
            case "03" or "3":
                return ReadNumber(element.Length, 2, out hour) && InRange(hour, 13, "hour");
            case "04" or "4":
                return ReadNumber(element.Length, 2, out minute) && InRange(minute, 60, "minute");
            default:
                if (!ReadNumber(element.Length, 2, out second) || !InRange(second, 60, "second"))
                {
                    return false;
                }

                // A fraction may follow the seconds though the layout has none.
                return fractionFollows || !HasFraction() || ReadFraction(".9");
        }
    }

    private bool InRange(int value, int limit, string what) => value < limit ? true : throw Invalid($"{what} out of range");

    private bool HasFraction() => position + 1 < text.Length && text[position] is '.' or ',' && position + 1 < text.Length && char.IsAsciiDigit(text[position + 1]);

    private void SkipBlank(bool allowed) => position += allowed && position < text.Length && text[position] == ' ' ? 1 : 0;

    private bool ReadNumber(int min, int max, out int value)
    {
        var length = 0;
        while (length < max && position + length < text.Length && char.IsAsciiDigit(text[position + length]))
        {
            length++;
        }

        value = length >= min ? int.Parse(text.AsSpan(position, length), CultureInfo.InvariantCulture) : 0;
        position += length >= min ? length : 0;
        return length >= min;
    }

    private bool ReadName(string[] names, bool isShort, out int number)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = isShort ? names[i][..3] : names[i];
            if (string.Compare(text, position, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0)
            {
                position += name.Length;
                number = i + 1;
                return true;
            }
        }

        number = 0;
        return false;
    }

    private bool ReadHalf(string form)
    {
        var half = position + 2 <= text.Length ? text.Substring(position, 2) : "";
        isPm = half == (form == "PM" ? "PM" : "pm");
        isAm = half == (form == "PM" ? "AM" : "am");
        position += 2;
        return isPm || isAm;
    }

    private bool ReadFraction(string form)
    {
        if (form[1] == '9' && !HasFraction())
        {
            return true;
        }

        var end = position + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        var digits = end > position + 1 ? text[(position + 1)..end] : "";
        if (form[1] == '0')
        {
            digits = digits.Length >= form.Length - 1 ? digits[..(form.Length - 1)] : "";
        }

        if (digits.Length == 0 || text[position] is not ('.' or ','))
        {
            return false;
        }

        nanosecond = int.Parse(digits.PadRight(9, '0').AsSpan(0, 9), CultureInfo.InvariantCulture);
        position += 1 + digits.Length;
        return true;
    }

    private bool ReadOffset(string form)
    {
        if (form[0] == 'Z' && position < text.Length && text[position] == 'Z')
        {
            position++;
            isUtc = true;
            return true;
        }

        if (position >= text.Length || text[position] is not ('+' or '-'))
        {
            return false;
        }

        var sign = text[position++] == '-' ? -1 : 1;
        var seconds = 0;
        var parts = form.Count(char.IsAsciiDigit) / 2;
        for (var i = 0; i < 3; i++)
        {
            var value = 0;
            if (i < parts && ((i > 0 && form.Contains(':', StringComparison.Ordinal) && !TakeColon()) || !ReadNumber(2, 2, out value) || value >= (i == 0 ? 25 : 60)))
            {
                return false;
            }

            seconds = (seconds * 60) + value;
        }

        offset = sign * seconds;
        return true;
    }

    private bool TakeColon()
    {
        var found = position < text.Length && text[position] == ':';
        position += found ? 1 : 0;
        return found;
    }

    /// <summary>UTC, an abbreviation of three to five capitals, GMT with hours, or ±hh.</summary>
    private bool ReadZoneName()
    {
        if (Rest.StartsWith("UTC", StringComparison.Ordinal))
        {
            isUtc = true;
            position += 3;
            return true;
        }

        var letters = Rest.TakeWhile(char.IsAsciiLetterUpper).Count();
        var length = letters is >= 3 and <= 5 && (letters < 4 || Rest[letters - 1] == 'T' || Rest.StartsWith("WITA", StringComparison.Ordinal)) ? letters : 0;
        if (Rest.StartsWith("GMT", StringComparison.Ordinal) && letters == 3)
        {
            length += Rest.Length > 4 && Rest[3] is '+' or '-' ? 1 + Rest[4..].TakeWhile(char.IsAsciiDigit).Take(2).Count() : 0;
        }
        else if (Rest.Length > 1 && Rest[0] is '+' or '-')
        {
            length = 1 + Rest[1..].TakeWhile(char.IsAsciiDigit).Take(2).Count();
        }

        zoneName = Rest[..Math.Min(length, Rest.Length)];
        position += zoneName.Length;
        return length >= 3;
    }

    private GoTime Build()
    {
        hour = isPm && hour < 12 ? hour + 12 : isAm && hour == 12 ? 0 : hour;
        CheckDate();
        var local = (CivilDate.ToDays(year, month, day) * CivilDate.SecondsPerDay) + (hour * 3600) + (minute * 60) + second;
        if (isUtc || (offset is null or 0 && zoneName is "" or "UTC"))
        {
            return new GoTime(local, nanosecond, GoLocation.Utc);
        }

        var seconds = offset ?? (zoneName.StartsWith("GMT", StringComparison.Ordinal) && int.TryParse(zoneName[3..], CultureInfo.InvariantCulture, out var hours) ? hours * 3600 : 0);
        return new GoTime(local - seconds, nanosecond, GoLocation.Fixed(zoneName, seconds));
    }

    private void CheckDate()
    {
        if (yearDay >= 0 && month < 0 && day < 0)
        {
            if (yearDay < 1 || yearDay > 337 + CivilDate.DaysIn(year, 2))
            {
                throw Invalid("day-of-year out of range");
            }

            (month, day) = (1, yearDay);
            return;
        }

        month = month < 0 ? 1 : month;
        day = day < 0 ? 1 : day;
        if (month is < 1 or > 12)
        {
            throw Invalid("month out of range");
        }

        if (day < 1 || day > CivilDate.DaysIn(year, month))
        {
            throw Invalid("day out of range");
        }
    }
}
