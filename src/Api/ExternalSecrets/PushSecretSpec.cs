using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record PushSecretSpec
{
    public const string Replace = "Replace";
    public const string IfNotExists = "IfNotExists";
    public const string Delete = "Delete";
    public const string None = "None";

    /// <summary>The interval where none is given.</summary>
    public static TimeSpan DefaultRefreshInterval => TimeSpan.FromHours(1);

    /// <summary>How often it is pushed again; 1h by default, 0 for never.</summary>
    [Schema(Nullable = true)]
    public GoDuration? RefreshInterval { get; init; }

    /// <summary>Where it is pushed to.</summary>
    [Schema(Required = true)]
    public IReadOnlyList<PushSecretStoreRef> SecretStoreRefs { get; init => field = value ?? []; } = [];

    /// <summary>Whether what is there already is replaced: Replace (the default) or IfNotExists.</summary>
    [Values(Replace, IfNotExists)]
    [Schema(Nullable = true)]
    public string? UpdatePolicy { get; init; }

    /// <summary>Whether values are deleted at the provider with this object: Delete, or None (the default).</summary>
    [Values(Delete, None)]
    [Schema(Nullable = true)]
    public string? DeletionPolicy { get; init; }

    /// <summary>What is pushed.</summary>
    [Schema(Required = true)]
    public PushSecretSelector Selector { get; init => field = value ?? new(); } = new();

    /// <summary>Single items.</summary>
    public IReadOnlyList<PushSecretData>? Data { get; init; }

    /// <summary>All items that match.</summary>
    public IReadOnlyList<PushSecretDataTo>? DataTo { get; init; }

    /// <summary>Changes what is pushed; the Secret stays as it is.</summary>
    public ExternalSecretTemplate? Template { get; init; }

    [JsonIgnore]
    public string EffectiveUpdatePolicy => string.IsNullOrEmpty(UpdatePolicy) ? Replace : UpdatePolicy;

    [JsonIgnore]
    public string EffectiveDeletionPolicy => string.IsNullOrEmpty(DeletionPolicy) ? None : DeletionPolicy;
}
