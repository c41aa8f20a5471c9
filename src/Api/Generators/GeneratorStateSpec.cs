using System.Text.Json;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

public sealed record GeneratorStateSpec
{
    /// <summary>When it is cleaned up: RFC 3339. Not before it is replaced, when absent.</summary>
    [Schema(Format = "date-time")]
    public string? GarbageCollectionDeadline { get; init; }

    /// <summary>The generator as it was.</summary>
    [Schema(Required = true)]
    public JsonElement? Resource { get; init; }

    /// <summary>What the generator needs to clean up.</summary>
    [Schema(Required = true)]
    public JsonElement? State { get; init; }
}
