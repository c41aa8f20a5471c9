namespace GitOpsSecrets.Providers;

/// <summary>A verdict on a store, with its cause in words that hold no value.</summary>
public sealed record StoreValidity(StoreValidityKind Kind, string? Cause)
{
    public static StoreValidity Valid { get; } = new(StoreValidityKind.Valid, null);

    public static StoreValidity Unknown(string? cause) => new(StoreValidityKind.Unknown, cause);

    public static StoreValidity Invalid(string cause) => new(StoreValidityKind.Invalid, cause);
}
