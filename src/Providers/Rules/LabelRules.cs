using System.Globalization;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.Providers.Rules;

/// <summary>What a LabelSelector must keep to, as Kubernetes reads it: its schema takes any text for an operator, and operators without the values that they need.</summary>
public static partial class LabelRules
{
    private const int LongestName = 63;
    private const int LongestPrefix = 253;

    /// <summary>What is wrong with it; empty when it can be read.</summary>
    /// <param name="path">Where it stands, such as <c>spec.namespaceSelectors[0]</c>.</param>
    public static IEnumerable<RuleRefusal> Problems(LabelSelector? selector, string path)
    {
        foreach (var (key, value) in selector?.MatchLabels ?? [])
        {
            var field = $"{path}.matchLabels[{key}]";
            if (!IsKey(key)) yield return Refusal(field, $"{GoQuote.Quote(key)} is not a label's key");
            if (!IsValue(value)) yield return Refusal(field, $"{GoQuote.Quote(value)} is not a label's value");
        }
        foreach (var (index, requirement) in (selector?.MatchExpressions ?? []).Index())
        {
            foreach (var problem in Problems(requirement, string.Create(CultureInfo.InvariantCulture, $"{path}.matchExpressions[{index}]"))) yield return problem;
        }
    }

    /// <summary>Whether it can be read.</summary>
    public static bool IsReadable(LabelSelector selector) => !Problems(selector, "").Any();

    private static IEnumerable<RuleRefusal> Problems(LabelSelectorRequirement requirement, string path)
    {
        if (!IsKey(requirement.Key)) yield return Refusal(path + ".key", $"{GoQuote.Quote(requirement.Key)} is not a label's key");
        var values = requirement.Values ?? [];
        switch (requirement.Operator)
        {
            case "In" or "NotIn" when values.Count == 0:
                yield return Refusal(path + ".values", $"operator {requirement.Operator} needs at least one value");
                break;
            case "Exists" or "DoesNotExist" when values.Count > 0:
                yield return Refusal(path + ".values", $"operator {requirement.Operator} takes no values");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            default:
                yield return Refusal(path + ".operator", $"{GoQuote.Quote(requirement.Operator)} is none of In, NotIn, Exists, DoesNotExist");
                break;
        }
        foreach (var (index, value) in values.Index())
        {
            if (!IsValue(value)) yield return Refusal(string.Create(CultureInfo.InvariantCulture, $"{path}.values[{index}]"), $"{GoQuote.Quote(value)} is not a label's value");
        }
    }

    private static RuleRefusal Refusal(string path, string problem) => new(path, $"{path}: {problem}");

    private static bool IsKey(string? key) => key is not null && key.Split('/') switch
    {
        [var name] => IsName(name),
        [var prefix, var name] => prefix.Length <= LongestPrefix && Prefix().IsMatch(prefix) && IsName(name),
        _ => false,
    };

    private static bool IsName(string name) => name.Length <= LongestName && Name().IsMatch(name);

    private static bool IsValue(string? value) => value is not null && (value.Length == 0 || IsName(value));

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
