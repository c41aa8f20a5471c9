using System.Text;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>
/// The order in which Go's yaml.v2 prints keys: letters by code point and after everything else, runs of digits by their number
/// (<c>a2</c> before <c>a10</c>), the rest by code point.
/// </summary>
internal sealed class YamlKeyOrder : IComparer<string>
{
    public static YamlKeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var a = (x ?? "").EnumerateRunes().ToArray();
        var b = (y ?? "").EnumerateRunes().ToArray();
        var shared = Math.Min(a.Length, b.Length);
        for (var i = 0; i < shared; i++)
        {
            if (a[i] != b[i]) return CompareAt(a, b, i);
        }
        return a.Length.CompareTo(b.Length);
    }

    private static int CompareAt(Rune[] a, Rune[] b, int i)
    {
        var aLetter = Rune.IsLetter(a[i]);
        var bLetter = Rune.IsLetter(b[i]);
        if (aLetter && bLetter) return a[i].CompareTo(b[i]);
        if (aLetter || bLetter) return aLetter ? 1 : -1;
        var inNumber = a[i].Value == '0' || b[i].Value == '0' ? StartsInNumber(a, i) : 0;
        var (aNumber, aEnd) = NumberAt(a, i, inNumber);
        var (bNumber, bEnd) = NumberAt(b, i, inNumber);
        if (aNumber != bNumber) return aNumber.CompareTo(bNumber);
        return aEnd != bEnd ? aEnd.CompareTo(bEnd) : a[i].CompareTo(b[i]);
    }

    // Zeros count as digits of a number that has begun before them: "10" and "1" differ, "0" and "00" do not in value.
    private static long StartsInNumber(Rune[] text, int i)
    {
        for (var j = i - 1; j >= 0 && Rune.IsDigit(text[j]); j--)
        {
            if (text[j].Value != '0') return 1;
        }
        return 0;
    }

    private static (long Number, int End) NumberAt(Rune[] text, int i, long number)
    {
        for (; i < text.Length && Rune.IsDigit(text[i]); i++) number = unchecked((number * 10) + (text[i].Value - '0'));
        return (number, i);
    }
}
