using System.Text.Json;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>A store that the operator of this cluster defined, without code.</summary>
public sealed record DeclaredStore
{
    /// <summary>The name of a definition that the controller was given.</summary>
    public required string Definition { get; init; }

    /// <summary>The fields that the definition has.</summary>
    public JsonElement? Options { get; init; }
}
