namespace GitOpsSecrets.Providers;

/// <summary>A verdict on a store, with its cause in words that hold no value.</summary>
public sealed record StoreValidity(StoreValidityKind Kind, string? Cause)
{
    public static StoreValidity Valid { get; } = new(StoreValidityKind.Valid, null);

    public static StoreValidity Unknown(string? cause) => new(StoreValidityKind.Unknown, cause);

    public static StoreValidity Invalid(string cause) => new(StoreValidityKind.Invalid, cause);

    /// <summary>Valid when the attempt, such as a login, goes well; else invalid for the reason that it fails for.</summary>
    internal static async Task<StoreValidity> OfAsync(Func<Task> attempt)
    {
        try
        {
            await attempt().ConfigureAwait(false);
            return Valid;
        }
        catch (ProviderException failure)
        {
            return Invalid(failure.Message);
        }
    }
}
