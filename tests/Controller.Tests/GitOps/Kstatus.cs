using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>What Flux makes of an object of a kind that it does not know: the generic rules of kstatus, in their order.</summary>
internal static class Kstatus
{
    public const string Current = "Current";
    public const string InProgress = "InProgress";
    public const string Failed = "Failed";
    public const string Terminating = "Terminating";

    public static string Of(JsonObject item)
    {
        if (item["metadata"]?["deletionTimestamp"] is not null) return Terminating;
        if (item["status"]?["observedGeneration"] is { } observed && (long)observed != (long?)item["metadata"]?["generation"]) return InProgress;
        if (Status(item, "Reconciling") == "True") return InProgress;
        if (Status(item, "Stalled") == "True") return Failed;
        return Status(item, "Ready") switch
        {
            "False" or "Unknown" => InProgress,
            _ => Current,
        };
    }

    private static string? Status(JsonObject item, string type) =>
        (item["status"]?["conditions"]?.AsArray() ?? []).Where(condition => (string?)condition!["type"] == type).Select(condition => (string?)condition!["status"]).FirstOrDefault();
}
