using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>What is written.</summary>
public sealed record ExternalSecretTarget
{
    /// <summary>Name of the Secret, the ExternalSecret's own by default.</summary>
    [ObjectName]
    public string? Name { get; init; }

    /// <summary>Who makes and owns the Secret: Owner (the default), Orphan, Merge, CreateOrMerge or None.</summary>
    [Values(ExternalSecrets.CreationPolicy.Owner, ExternalSecrets.CreationPolicy.Orphan, ExternalSecrets.CreationPolicy.Merge, ExternalSecrets.CreationPolicy.None, ExternalSecrets.CreationPolicy.CreateOrMerge)]
    [Schema(Nullable = true)]
    public string? CreationPolicy { get; init; }

    /// <summary>What happens when values are gone at the provider: Retain (the default), Delete or Merge.</summary>
    [Values(ExternalSecrets.DeletionPolicy.Delete, ExternalSecrets.DeletionPolicy.Merge, ExternalSecrets.DeletionPolicy.Retain)]
    [Schema(Nullable = true)]
    public string? DeletionPolicy { get; init; }

    /// <summary>What the Secret looks like, as templates over the fetched values.</summary>
    public ExternalSecretTemplate? Template { get; init; }

    /// <summary>A kind to write instead of a Secret. The controller must allow it.</summary>
    public TargetManifest? Manifest { get; init; }

    /// <summary>Whether the Secret is made immutable.</summary>
    public bool? Immutable { get; init; }

    [JsonIgnore]
    public string EffectiveCreationPolicy => string.IsNullOrEmpty(CreationPolicy) ? ExternalSecrets.CreationPolicy.Owner : CreationPolicy;

    [JsonIgnore]
    public string EffectiveDeletionPolicy => string.IsNullOrEmpty(DeletionPolicy) ? ExternalSecrets.DeletionPolicy.Retain : DeletionPolicy;
}
