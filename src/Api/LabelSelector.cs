using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>Chooses objects by their labels; all that is said must hold. Empty chooses everything.</summary>
[Schema(Atomic = true)]
public sealed record LabelSelector
{
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? MatchLabels { get; init; }

    [Schema(Atomic = true)]
    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init; }
}
