using System.Text.Json;

namespace GitOpsSecrets.Api.Generators;

/// <summary>
/// A generator of any namespaced kind. What it says is kept as JSON, for the record of its kind (<see cref="PasswordSpec"/> and
/// so on) to read: the same spec also stands in a <see cref="ClusterGenerator"/>.
/// </summary>
public sealed record Generator
{
    public string? Kind { get; init; }
    public string? ApiVersion { get; init; }

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public JsonElement? Spec { get; init; }
}
