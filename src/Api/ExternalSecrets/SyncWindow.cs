using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record SyncWindow
{
    /// <summary>When it opens, in UTC: five cron fields, or @daily and the like, or @every 2h.</summary>
    [Schema(MinLength = 1, Pattern = @"^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+( [^\s]+){4})$")]
    public required string Schedule { get; init; }

    /// <summary>How long it stays open, such as 2h.</summary>
    public required GoDuration Duration { get; init; }
}
