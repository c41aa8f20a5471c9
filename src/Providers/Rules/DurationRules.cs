using GitOpsSecrets.Api;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.Providers.Rules;

/// <summary>What a duration must keep to, which its schema cannot say.</summary>
public static class DurationRules
{
    /// <summary>What is wrong with a text that is none; empty when it is one, or is not there.</summary>
    /// <param name="path">Where it stands, such as <c>spec.refreshInterval</c>.</param>
    /// <param name="mayBeNegative">Whether less than nothing means something.</param>
    public static IEnumerable<RuleRefusal> Problems(GoDuration? duration, string path, bool mayBeNegative = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (duration is not { } written) yield break;
        var what = $"invalid {path[(path.LastIndexOf('.') + 1)..]} {(written.IsNumber ? written.Text : GoQuote.Quote(written.Text))}";
        if (written.Error is { } problem) yield return new(path, $"{what}: {problem}");
        else if (!mayBeNegative && written.Value < TimeSpan.Zero) yield return new(path, $"{what}: must not be negative");
    }
}
