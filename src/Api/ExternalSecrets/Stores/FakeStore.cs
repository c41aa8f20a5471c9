using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Fixed values, for tests.</summary>
public sealed record FakeStore
{
    public required IReadOnlyList<Entry> Data { get; init; }

    /// <summary>What checking the store says: 0 ready, 1 unknown, 2 error.</summary>
    [Schema(Format = "")]
    public int? ValidationResult { get; init; }

    public sealed record Entry
    {
        public required string Key { get; init; }

        [Schema(Required = true)]
        public string? Value { get; init; }

        /// <summary>Deprecated: a value that is a JSON object. Gone from v1 of the original.</summary>
        [JsonConverter(typeof(StringMapConverter))]
        public SortedDictionary<string, string>? ValueMap { get; init; }

        public string? Version { get; init; }
    }
}
