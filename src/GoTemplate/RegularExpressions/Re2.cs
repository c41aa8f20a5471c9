using System.Diagnostics.CodeAnalysis;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>
/// A regular expression of manifests: Go's syntax and semantics, without backtracking, so that no tenant's expression takes more than time in
/// proportion to the text. Does not change; safe for use from many threads.
/// </summary>
public sealed class Re2
{
    // What one use may cost: names and keys are short, so this is far above any honest need.
    private static readonly ExecuteLimits Limits = new() { MaxSteps = 5_000_000, MaxAllocatedBytes = 16 * 1024 * 1024, MaxTime = TimeSpan.FromSeconds(5) };

    private readonly GoString pattern;

    private Re2(GoString pattern) => this.pattern = pattern;

    /// <param name="problem">Why not, when it is none.</param>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out Re2? expression, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            var text = GoString.Of(pattern);
            using var budget = NewBudget();
            _ = new GoRegex(budget, text);
            (expression, problem) = (new Re2(text), null);
            return true;
        }
        catch (Exception failure) when (failure is FunctionException or LimitExceededException)
        {
            (expression, problem) = (null, failure.Message);
            return false;
        }
    }

    /// <summary>Whether some part of the text matches.</summary>
    /// <exception cref="Re2LimitException">Text and expression together are too much.</exception>
    public bool IsMatch(string text) => Run(expression => expression.IsMatch(GoString.Of(text)));

    /// <summary>Every match replaced; <c>$1</c>, <c>$name</c> and <c>${name}</c> stand for groups.</summary>
    /// <exception cref="Re2LimitException">Text and expression together are too much.</exception>
    public string ReplaceAll(string text, string replacement) =>
        Run(expression => expression.ReplaceAll(GoString.Of(text), GoString.Of(replacement), isLiteral: false).ToText());

    private T Run<T>(Func<GoRegex, T> use)
    {
        try
        {
            // Made anew: its machine and its budget belong to one use.
            using var budget = NewBudget();
            return use(new GoRegex(budget, pattern));
        }
        catch (LimitExceededException exceeded)
        {
            throw new Re2LimitException(exceeded.Message);
        }
    }

    private static ExecutionBudget NewBudget() => new(Limits, TimeProvider.System, ExecutionTurns.OfProcess, CancellationToken.None);
}
