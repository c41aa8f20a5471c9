namespace GitOpsSecrets.Providers;

public enum StoreValidityKind
{
    Valid,

    /// <summary>It could not be found out, or can be for a caller's namespace only.</summary>
    Unknown,

    Invalid,
}
