namespace GitOpsSecrets.Api;

/// <summary>A <c>bitnami.com/v1alpha1</c> SealedSecret: what may lie in a public repository.</summary>
public sealed record SealedSecret
{
    public const string SealedSecretKind = "SealedSecret";
    public const string Group = "bitnami.com";
    public const string Version = "v1alpha1";
    public const string Plural = "sealedsecrets";
    public const string GroupVersion = Group + "/" + Version;

    public string? Kind { get; init; } = SealedSecretKind;
    public string? ApiVersion { get; init; } = GroupVersion;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Never <c>null</c>, as above.</summary>
    public SealedSecretSpec Spec { get; init => field = value ?? new(); } = new();

    public SealedSecretStatus? Status { get; init; }
}
