using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>What a path of Vault answers.</summary>
[GeneratorKind(GeneratorKinds.VaultDynamicSecret)]
public sealed record VaultDynamicSecretSpec
{
    [Schema(Nullable = true)]
    public bool? AllowEmptyResponse { get; init; }
    public string? Controller { get; init; }
    public SortedDictionary<string, IReadOnlyList<string>>? GetParameters { get; init; }
    public string? Method { get; init; }
    public JsonElement? Parameters { get; init; }
    public required string Path { get; init; }
    public required VaultStore Provider { get; init; }

    /// <summary>Data by default.</summary>
    [Values("Data", "Auth", "Raw")]
    [Schema(Nullable = true)]
    public string? ResultType { get; init; }

    public RetrySettings? RetrySettings { get; init; }
}
