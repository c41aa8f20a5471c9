using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>A set of runes: ranges and properties, perhaps folded, perhaps negated.</summary>
internal sealed class RuneMatcher
{
    /// <summary>Runes that fold to the key but are neither its upper nor its lower case.</summary>
    private static readonly (int Folded, int Variant)[] Variants = [('k', 0x212A), ('s', 0x17F), (0xE5, 0x212B), (0xDF, 0x1E9E), (0x3C9, 0x2126), (0x3BC, 0xB5), (0x3C3, 0x3C2), (0x3B8, 0x3F4)];

    private readonly List<(int Low, int High)> ranges = [];
    private readonly List<Func<int, bool>> properties = [];

    public bool IsNegated { get; set; }

    public bool FoldsCase { get; init; }

    public static RuneMatcher Any { get; } = new RuneMatcher().Add(0, 0x10FFFF);

    public static RuneMatcher AnyButNewLine { get; } = new RuneMatcher().Add(0, 9).Add(11, 0x10FFFF);

    public static RuneMatcher Literal(int rune, bool folds) => new RuneMatcher { FoldsCase = folds }.Add(rune, rune);

    public RuneMatcher Add(int low, int high)
    {
        ranges.Add((low, high));
        return this;
    }

    public void Add(RuneMatcher other) => properties.Add(other.Matches);

    public void Add(Func<int, bool> property) => properties.Add(property);

    public bool Matches(int rune) => (Contains(rune) || (FoldsCase && ContainsFolded(rune))) != IsNegated;

    private bool Contains(int rune)
    {
        foreach (var (low, high) in ranges)
        {
            if (rune >= low && rune <= high)
            {
                return true;
            }
        }

        foreach (var property in properties)
        {
            if (property(rune))
            {
                return true;
            }
        }

        return false;
    }

    private bool ContainsFolded(int rune)
    {
        // The Turkish dotted and dotless i fold to nothing else.
        if (rune is 0x130 or 0x131)
        {
            return false;
        }

        var folded = GoCase.ToLower(GoCase.ToUpper(rune));
        if (Contains(folded) || Contains(GoCase.ToUpper(folded)))
        {
            return true;
        }

        foreach (var (key, variant) in Variants)
        {
            if (key == folded && Contains(variant))
            {
                return true;
            }
        }

        return false;
    }
}
