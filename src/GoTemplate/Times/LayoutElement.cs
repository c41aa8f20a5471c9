namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>
/// The pieces of Go's reference time, 2006-01-02 15:04:05 -0700 MST, that a layout is made of.
/// </summary>
/// <param name="Text">As written in the layout; "" for what the layout ends with.</param>
/// <param name="Prefix">Literal text before it.</param>
internal readonly record struct LayoutElement(string Prefix, string Text)
{
    // The longest first where one begins another.
    private static readonly string[] Elements =
    [
        "January", "Monday", "-07:00:00", "Z07:00:00", "-070000", "Z070000", "-07:00", "Z07:00", "-0700", "Z0700", "2006", "-07", "Z07",
        "002", "__2", "Jan", "Mon", "MST", "_2", "01", "02", "03", "04", "05", "06", "15", "PM", "pm", "1", "2", "3", "4", "5",
    ];

    public bool IsFraction => Text.Length > 1 && Text[0] is '.' or ',' && Text[1] is '0' or '9';

    public static List<LayoutElement> Split(string layout)
    {
        var result = new List<LayoutElement>();
        var start = 0;
        for (var i = 0; i < layout.Length;)
        {
            var length = LengthAt(layout, i);
            if (length == 0)
            {
                i++;
                continue;
            }

            result.Add(new(layout[start..i], layout.Substring(i, length)));
            i += length;
            start = i;
        }

        result.Add(new(layout[start..], ""));
        return result;
    }

    private static int LengthAt(string layout, int at)
    {
        if (layout[at] is '.' or ',')
        {
            return FractionLength(layout, at);
        }

        foreach (var element in Elements)
        {
            if (string.CompareOrdinal(layout, at, element, 0, element.Length) != 0)
            {
                continue;
            }

            // "Janu" is no month, and "_2006" is a year behind an underscore.
            var lowerFollows = at + 3 < layout.Length && char.IsAsciiLetterLower(layout[at + 3]);
            return (element is "Jan" or "Mon" && lowerFollows) || (element == "_2" && string.CompareOrdinal(layout, at + 1, "2006", 0, 4) == 0) ? 0 : element.Length;
        }

        return 0;
    }

    private static int FractionLength(string layout, int at)
    {
        var end = at + 1;
        if (end >= layout.Length || layout[end] is not ('0' or '9'))
        {
            return 0;
        }

        while (end < layout.Length && layout[end] == layout[at + 1])
        {
            end++;
        }

        return end < layout.Length && char.IsAsciiDigit(layout[end]) ? 0 : end - at;
    }
}
