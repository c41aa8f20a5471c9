using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>How labels and annotations get to a pushed Secret.</summary>
internal sealed record KubernetesWishes
{
    public const string Merge = "Merge";
    public const string Replace = "Replace";
    public const string Ignore = "Ignore";

    /// <summary>What is there already: Merge (default), Replace or Ignore, which leaves it as it is.</summary>
    public string? TargetMergePolicy { get; init; }

    /// <summary>The source Secret's: Merge (default) these into them, or Replace them.</summary>
    public string? SourceMergePolicy { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Labels { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>In place of the store's; only for cluster stores.</summary>
    public string? RemoteNamespace { get; init; }
}
