using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Merges values that are JSON objects.</summary>
public sealed record RewriteMerge
{
    public const string Extract = "Extract";
    public const string Json = "JSON";
    public const string Error = "Error";
    public const string Ignore = "Ignore";
    public const string Strict = "Strict";
    public const string IgnoreNotFound = "IgnoreNotFound";

    /// <summary>Key of the merged object, with strategy JSON.</summary>
    [Schema(Nullable = true)]
    public string? Into { get; init; }

    /// <summary>Keys that are merged last, so that they win, the last one over all.</summary>
    public IReadOnlyList<string>? Priority { get; init; }

    /// <summary>Whether a key of priority may be missing: IgnoreNotFound, or Strict (the default).</summary>
    [Values(IgnoreNotFound, Strict)]
    [Schema(Nullable = true)]
    public string? PriorityPolicy { get; init; }

    /// <summary>Whether two objects may have the same member: Ignore, or Error (the default).</summary>
    [Values(Ignore, Error)]
    [Schema(Nullable = true)]
    public string? ConflictPolicy { get; init; }

    /// <summary>Extract (the default): members become keys. JSON: the merged object becomes one value.</summary>
    [Values(Extract, Json)]
    [Schema(Nullable = true)]
    public string? Strategy { get; init; }

    [JsonIgnore]
    public string EffectivePriorityPolicy => string.IsNullOrEmpty(PriorityPolicy) ? Strict : PriorityPolicy;

    [JsonIgnore]
    public string EffectiveConflictPolicy => string.IsNullOrEmpty(ConflictPolicy) ? Error : ConflictPolicy;

    [JsonIgnore]
    public string EffectiveStrategy => string.IsNullOrEmpty(Strategy) ? Extract : Strategy;
}
