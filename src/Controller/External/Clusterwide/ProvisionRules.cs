using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What an object that makes others in many namespaces must keep to. One that does not is left alone, and so is what it made: an unreadable selector chooses nothing, and all would be deleted.</summary>
internal static class ProvisionRules
{
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Problem(LabelSelector? selector, IReadOnlyList<LabelSelector>? selectors, GoDuration? refreshTime)
    {
        RuleRefusal[] problems =
        [
            .. LabelRules.Problems(selector, "spec.namespaceSelector"),
            .. (selectors ?? []).SelectMany((other, index) => LabelRules.Problems(other, $"spec.namespaceSelectors[{index}]")),
            .. DurationRules.Problems(refreshTime, "spec.refreshTime"),
        ];
        return problems.Length == 0 ? null : string.Join("; ", problems.Select(problem => problem.Message));
    }
}
