using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>The <c>metadata</c> of a PushSecret's entry: how labels and annotations get to the remote Secret.</summary>
internal sealed record PushMetadata
{
    public const string Version = "kubernetes.external-secrets.io/v1alpha1";
    public const string KindName = "PushSecretMetadata";
    public const string Merge = "Merge";
    public const string Replace = "Replace";
    public const string Ignore = "Ignore";

    public string? ApiVersion { get; init; }
    public string? Kind { get; init; }
    public Wishes? Spec { get; init; }

    internal sealed record Wishes
    {
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
}
