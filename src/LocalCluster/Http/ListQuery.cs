using System.Globalization;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Selectors;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>The query of a list or watch.</summary>
internal sealed record ListQuery
{
    public required LabelSelector Labels { get; init; }

    public required FieldSelector Fields { get; init; }

    public int Limit { get; init; }

    public string Continue { get; init; } = "";

    public string ResourceVersion { get; init; } = "";

    public string VersionMatch { get; init; } = "";

    public TimeSpan? Timeout { get; init; }

    public bool WantsBookmarks { get; init; }

    public bool SendsInitialEvents { get; init; }

    public string IncludeObject { get; init; } = "";

    /// <exception cref="ApiException">400: a selector that is none.</exception>
    public static ListQuery Read(HttpRequest request, ResourceType type, string name)
    {
        var query = request.Query;
        var fields = query["fieldSelector"].ToString();
        if (name.Length > 0) fields = fields.Length == 0 ? "metadata.name=" + name : $"{fields},metadata.name={name}";
        return new ListQuery
        {
            Labels = LabelSelector.Parse(query["labelSelector"].ToString()),
            Fields = FieldSelector.Parse(fields, type),
            Limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0,
            Continue = query["continue"].ToString(),
            ResourceVersion = query["resourceVersion"].ToString(),
            VersionMatch = query["resourceVersionMatch"].ToString(),
            Timeout = int.TryParse(query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null,
            WantsBookmarks = IsTrue(query["allowWatchBookmarks"]),
            SendsInitialEvents = IsTrue(query["sendInitialEvents"]),
            IncludeObject = query["includeObject"].ToString(),
        };
    }

    public bool Matches(StoredObject stored) => Labels.Matches(stored.Json) && Fields.Matches(stored.Json);

    /// <exception cref="ApiException">A version that is no number.</exception>
    public long? Revision()
    {
        if (ResourceVersion.Length == 0) return null;
        if (long.TryParse(ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return revision;
        throw ApiErrors.BadRequest($"resourceVersion: Invalid value: \"{ResourceVersion}\": strconv.ParseUint: parsing \"{ResourceVersion}\": invalid syntax");
    }

    private static bool IsTrue(string? text) => text is "1" or "true" or "True";
}
