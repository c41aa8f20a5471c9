using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>go-yaml's natural order of keys: digit runs by value, non-letters before letters.</summary>
internal sealed class YamlKeyOrder : IComparer<GoString>
{
    public static YamlKeyOrder Instance { get; } = new();

    public int Compare(GoString? x, GoString? y)
    {
        var (a, b) = (Runes.All(x!.Span), Runes.All(y!.Span));
        return Less(a, b) ? -1 : Less(b, a) ? 1 : 0;
    }

    private static bool Less(List<int> a, List<int> b)
    {
        var digits = false;
        for (var i = 0; i < a.Count && i < b.Count; i++)
        {
            if (a[i] == b[i])
            {
                digits = GoCase.IsDigit(a[i]);
                continue;
            }

            var (aLetter, bLetter) = (GoCase.IsLetter(a[i]), GoCase.IsLetter(b[i]));
            if (aLetter && bLetter)
            {
                return a[i] < b[i];
            }

            return aLetter || bLetter ? (digits ? aLetter : bLetter) : NumbersLess(a, b, i);
        }

        return a.Count < b.Count;
    }

    private static bool NumbersLess(List<int> a, List<int> b, int start)
    {
        var carried = (a[start] == '0' || b[start] == '0') && HasNonZeroDigitBefore(a, start) ? 1L : 0L;
        var (aEnd, aNumber) = Number(a, start, carried);
        var (bEnd, bNumber) = Number(b, start, carried);
        if (aNumber != bNumber)
        {
            return aNumber < bNumber;
        }

        return aEnd != bEnd ? aEnd < bEnd : a[start] < b[start];
    }

    private static bool HasNonZeroDigitBefore(List<int> runes, int end)
    {
        for (var i = end - 1; i >= 0 && GoCase.IsDigit(runes[i]); i--)
        {
            if (runes[i] != '0')
            {
                return true;
            }
        }

        return false;
    }

    private static (int End, long Number) Number(List<int> runes, int start, long number)
    {
        var i = start;
        for (; i < runes.Count && GoCase.IsDigit(runes[i]); i++)
        {
            number = unchecked((number * 10) + runes[i] - '0');
        }

        return (i, number);
    }
}
