using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Where one entry comes from, if not from the store of the ExternalSecret: a store or a generator.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record SourceRef
{
    public SecretStoreRef? StoreRef { get; init; }

    /// <summary>Values are made, not fetched. Only in dataFrom.</summary>
    public GeneratorRef? GeneratorRef { get; init; }
}
