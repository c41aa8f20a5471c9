using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>spf13/cast: what a value is as a number, 0 where it is none.</summary>
internal static class Casts
{
    public static long ToInt64(ExecutionBudget budget, GoValue value)
    {
        budget.Step();
        return value switch
        {
            GoInt number => number.Value,
            GoUint number => unchecked((long)number.Value),
            GoFloat number => Truncate(number.Value),
            GoBool => value.IsTrue ? 1 : 0,
            GoString text => NumberText.ParseSigned(IntegerPart(text.ToText()), 0) ?? 0,
            _ => 0,
        };
    }

    public static double ToFloat64(GoValue value) => value switch
    {
        GoInt number => number.Value,
        GoUint number => number.Value,
        GoFloat number => number.Value,
        GoBool => value.IsTrue ? 1 : 0,
        GoString text => NumberText.ParseFloat(text.ToText()) ?? 0,
        _ => 0,
    };

    /// <summary>Go on amd64 gives the smallest int64 for what does not fit.</summary>
    public static long Truncate(double value) => value is > -9.2233720368547758E+18 and < 9.2233720368547758E+18 ? (long)value : long.MinValue;

    /// <summary>"1.9" counts as 1; ".5", "1e3" and "1.2.3" stay what they are: no integers.</summary>
    private static string IntegerPart(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = text.AsSpan().TrimStart("+-").Length == text.Length ? 0 : 1;
        var isDecimal = point > digits && text.AsSpan(digits, point - digits).IndexOfAnyExceptInRange('0', '9') < 0
            && text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        return isDecimal ? text[..point] : text;
    }
}
