using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>What a built-in kind does beyond its schema.</summary>
/// <param name="Prepare">Fills in defaults and derived fields of a new object; the old one when there is one.</param>
/// <param name="Check">Adds what is wrong with the new object; the old one when there is one.</param>
internal sealed record ResourceRules(Action<JsonObject?, JsonObject>? Prepare = null, Action<JsonObject?, JsonObject, List<FieldError>>? Check = null)
{
    public static ResourceRules None { get; } = new();
}
