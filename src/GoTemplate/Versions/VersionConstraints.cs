using System.Buffers;
using GitOpsSecrets.GoTemplate.Execution;

namespace GitOpsSecrets.GoTemplate.Versions;

/// <summary>Alternatives (||) of conditions that must all hold (blank or comma).</summary>
internal sealed class VersionConstraints
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n\f\v,");
    private static readonly SearchValues<char> OperatorCharacters = SearchValues.Create("=!<>~^");

    private readonly List<List<VersionCondition>> alternatives = [];

    /// <exception cref="FunctionException">Not a constraint.</exception>
    public VersionConstraints(string text)
    {
        foreach (var alternative in text.Split("||"))
        {
            alternatives.Add(ParseAll(alternative));
        }
    }

    /// <summary>A pre-release is only considered where some condition beside it names one.</summary>
    public bool Check(GoVersion version) => alternatives.Exists(conditions =>
        (version.Prerelease.Length == 0 || conditions.Exists(condition => condition.HasPrerelease)) && conditions.TrueForAll(condition => condition.Holds(version)));

    private static List<VersionCondition> ParseAll(string text)
    {
        var conditions = new List<VersionCondition>();
        var rest = text.AsSpan().Trim();
        while (true)
        {
            var operation = TakeOperator(ref rest);
            rest = rest.TrimStart();
            var length = rest.IndexOfAny(Separators);
            var version = length < 0 ? rest : rest[..length];
            rest = rest[version.Length..];

            // A hyphen between blanks makes a range: 1.2 - 1.4.5.
            if (operation.Length == 0 && TakeHyphen(ref rest) is { } upper)
            {
                conditions.Add(VersionCondition.Parse(">=", version.ToString(), text));
                conditions.Add(VersionCondition.Parse("<=", upper, text));
            }
            else
            {
                conditions.Add(VersionCondition.Parse(operation, version.ToString(), text));
            }

            if (rest.IsEmpty)
            {
                return conditions;
            }

            rest = rest[0] == ',' ? rest[1..].TrimStart() : rest.TrimStart();
            if (rest.StartsWith(","))
            {
                throw new FunctionException($"improper constraint: {text}");
            }
        }
    }

    private static string TakeOperator(ref ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAnyExcept(OperatorCharacters);
        var operation = (length < 0 ? rest : rest[..length]).ToString();
        rest = rest[operation.Length..];
        return operation;
    }

    private static string? TakeHyphen(ref ReadOnlySpan<char> rest)
    {
        var after = rest.TrimStart();
        if (after.Length == rest.Length || !after.StartsWith("- "))
        {
            return null;
        }

        after = after[1..].TrimStart();
        var length = after.IndexOfAny(' ', ',');
        var upper = (length < 0 ? after : after[..length]).ToString();
        rest = after[upper.Length..];
        return upper;
    }
}
