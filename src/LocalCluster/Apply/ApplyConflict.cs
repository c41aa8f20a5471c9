using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Apply;

internal static class ApplyConflict
{
    public static ApiException Of(IReadOnlyList<(string Manager, string Path)> conflicts)
    {
        var causes = conflicts.Select(conflict => new StatusCause("FieldManagerConflict", $"conflict with {conflict.Manager}", conflict.Path));
        return new ApiException(409, "Conflict", Message(conflicts)) { Causes = [.. causes] };
    }

    private static string Message(IReadOnlyList<(string Manager, string Path)> conflicts)
    {
        if (conflicts.Count == 1) return $"Apply failed with 1 conflict: conflict with {conflicts[0].Manager}: {conflicts[0].Path}";
        var lines = conflicts
            .GroupBy(conflict => conflict.Manager)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Select(conflict => $"- {conflict.Path}").Prepend($"conflicts with {group.Key}:"));
        return $"Apply failed with {conflicts.Count} conflicts: {string.Join("\n", lines)}";
    }
}
