using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Times at which periodic refreshes happen (allow), or do not (deny).</summary>
public sealed record SyncWindows
{
    public const string Allow = "allow";
    public const string Deny = "deny";

    [Values(Allow, Deny)]
    public required string Kind { get; init; }

    [Schema(MinItems = 1)]
    public required IReadOnlyList<SyncWindow> Windows { get; init; }
}
