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
    public ObjectMeta Metadata { get; init; } = new();
    public SealedSecretSpec Spec { get; init; } = new();
    public SealedSecretStatus? Status { get; init; }
}
