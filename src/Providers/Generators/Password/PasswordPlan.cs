using System.Text;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Password;

/// <summary>How many characters of which kinds one password has: what a spec means, with nothing left to default.</summary>
internal sealed record PasswordPlan
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private PasswordPlan(PasswordSpec spec)
    {
        AllowRepeat = spec.AllowRepeat == true;
        Length = spec.Length is > 0 and var length ? length : PasswordSpec.DefaultLength;
        Digits = new PasswordClass("digits", Pool("0123456789"), spec.Digits ?? Length / 4);
        var symbols = string.IsNullOrEmpty(spec.SymbolCharacters) ? PasswordSpec.DefaultSymbolCharacters : spec.SymbolCharacters;
        Symbols = new PasswordClass("symbols", Pool(symbols), spec.Symbols ?? Length / 4);
        Letters = new PasswordClass("letters", Pool(spec.NoUpper == true ? Lower : Lower + Upper), (long)Length - Digits.Count - Symbols.Count);
    }

    public bool AllowRepeat { get; }

    public int Length { get; }

    public PasswordClass Digits { get; }

    public PasswordClass Symbols { get; }

    /// <summary>All that is left; fewer than none, when the others ask for too many.</summary>
    public PasswordClass Letters { get; }

    public static PasswordPlan Of(PasswordSpec spec) => new(spec);

    /// <summary>Why there is no such password; empty when there is.</summary>
    public IEnumerable<string> Problems()
    {
        if (Digits.Count < 0) yield return "spec.digits must not be negative";
        if (Symbols.Count < 0) yield return "spec.symbols must not be negative";
        if (Letters.Count < 0) yield return $"{Digits.Count} digits and {Symbols.Count} symbols are more than the length of {Length}";
        if (AllowRepeat) yield break;

        // Symbols are taken first; those that are digits or letters too may use up what these need.
        foreach (var (kind, lost) in new[] { (Symbols, 0L), (Digits, Overlap(Digits)), (Letters, Overlap(Letters)) })
        {
            if (kind.Count > kind.Pool.Length - lost)
            {
                yield return $"{kind.Count} {kind.Name} without repetition, but there are only {kind.Pool.Length - lost}: ask for fewer, or set allowRepeat";
            }
        }
    }

    private long Overlap(PasswordClass other) => Math.Min(Math.Max(Symbols.Count, 0), Symbols.Pool.Intersect(other.Pool).Count());

    private Rune[] Pool(string characters) => AllowRepeat ? [.. characters.EnumerateRunes()] : [.. characters.EnumerateRunes().Distinct()];
}
