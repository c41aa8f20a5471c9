using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>A refusal: what the server answers as a <c>Status</c> body.</summary>
internal sealed class ApiException(int code, string? reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string? Reason { get; } = reason;

    /// <summary><c>details.group</c>; empty for the core group.</summary>
    public string Group { get; init; } = "";

    /// <summary><c>details.kind</c>: a resource name or a kind, as the real server mixes them.</summary>
    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    public int? RetryAfterSeconds { get; init; }

    public bool HasDetails { get; init; } = true;

    /// <summary><c>metadata.continue</c> of a list that could not be continued where it was.</summary>
    public string Continue { get; init; } = "";

    public JsonObject ToStatus()
    {
        var metadata = new JsonObject();
        if (Continue.Length > 0) metadata["continue"] = Continue;
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason is not null) status["reason"] = Reason;
        if (HasDetails) status["details"] = Details();
        status["code"] = Code;
        return status;
    }

    private JsonObject Details()
    {
        var details = new JsonObject();
        if (Name.Length > 0) details["name"] = Name;
        if (Group.Length > 0) details["group"] = Group;
        if (Kind.Length > 0) details["kind"] = Kind;
        if (Causes.Count > 0)
        {
            var causes = Causes.Select(cause => (JsonNode)new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message, ["field"] = cause.Field });
            details["causes"] = new JsonArray([.. causes]);
        }

        if (RetryAfterSeconds is { } seconds) details["retryAfterSeconds"] = seconds;
        return details;
    }
}
