using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Google;

/// <summary>How Secret Manager is to keep a pushed secret.</summary>
internal sealed record GoogleWishes
{
    public const string Merge = "Merge";
    public const string Replace = "Replace";

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Annotations { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Labels { get; init; }

    public IReadOnlyList<string>? Topics { get; init; }

    /// <summary>Replace (default) labels that are there, or Merge these into them.</summary>
    public string? MergePolicy { get; init; }

    /// <summary>A key of Cloud KMS, for each replica.</summary>
    [JsonPropertyName("cmekKeyName")]
    public string? CmekKeyName { get; init; }

    /// <summary>The older way to name one of <see cref="ReplicationLocations"/>.</summary>
    public string? ReplicationLocation { get; init; }

    /// <summary>Regions; all of Google's when there is none.</summary>
    public IReadOnlyList<string>? ReplicationLocations { get; init; }
}
