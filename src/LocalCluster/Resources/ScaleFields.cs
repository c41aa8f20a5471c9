using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Where objects of a kind keep what their subresource <c>scale</c> shows.</summary>
/// <param name="Wanted">Path of the number that is asked for, in the spec.</param>
/// <param name="Present">Path of the number that there is, in the status.</param>
/// <param name="Selector">Path of the selector as text; null for the one of a workload, in its spec.</param>
internal sealed record ScaleFields(string[] Wanted, string[] Present, string[]? Selector)
{
    public static ScaleFields OfWorkloads { get; } = new(["spec", "replicas"], ["status", "replicas"], null);

    /// <param name="scale">Of a version of a definition: paths such as <c>.spec.replicas</c>.</param>
    public static ScaleFields? Of(JsonNode? scale) => scale is null ? null
        : new(Steps(scale["specReplicasPath"])!, Steps(scale["statusReplicasPath"])!, Steps(scale["labelSelectorPath"]) ?? []);

    private static string[]? Steps(JsonNode? path) => path?.GetValue<string>().Split('.', StringSplitOptions.RemoveEmptyEntries);
}
