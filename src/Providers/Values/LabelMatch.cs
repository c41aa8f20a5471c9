using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Providers.Values;

/// <summary>
/// Whether labels are as a LabelSelector wants them. One that cannot be read (<see cref="LabelRules"/>) matches nothing; whoever gives up what is not chosen has to ask
/// for that before.
/// </summary>
public static class LabelMatch
{
    public static bool Matches(LabelSelector selector, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return LabelRules.IsReadable(selector)
            && (selector.MatchLabels ?? []).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (selector.MatchExpressions ?? []).All(requirement => Matches(requirement, labels));
    }

    private static bool Matches(LabelSelectorRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.TryGetValue(requirement.Key, out var found) ? found : null;
        return requirement.Operator switch
        {
            "In" => value is not null && requirement.Values?.Contains(value, StringComparer.Ordinal) == true,
            "NotIn" => value is null || requirement.Values?.Contains(value, StringComparer.Ordinal) != true,
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
