using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>The body and query of a delete.</summary>
internal sealed record DeleteOptions(string? PropagationPolicy, string? PreconditionUid, string? PreconditionResourceVersion, bool IsDryRun)
{
    public static DeleteOptions Background { get; } = new("Background", null, null, false);

    public static DeleteOptions Read(JsonObject body, string? policyInQuery, bool isDryRunInQuery)
    {
        var policy = body["propagationPolicy"]?.GetValue<string>() ?? policyInQuery;
        if (policy is null && body["orphanDependents"]?.GetValue<bool>() is { } orphan) policy = orphan ? "Orphan" : "Background";
        return new DeleteOptions(
            policy,
            body["preconditions"]?["uid"]?.GetValue<string>(),
            body["preconditions"]?["resourceVersion"]?.GetValue<string>(),
            isDryRunInQuery || body["dryRun"] is JsonArray { Count: > 0 });
    }
}
