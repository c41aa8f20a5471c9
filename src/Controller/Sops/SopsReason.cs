using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>Why a SopsSecret is ready or not: the reason of its conditions and events. Each has its own cure.</summary>
internal static class SopsReason
{
    public const string Decrypted = "Decrypted";

    /// <summary>The text or the metadata of SOPS cannot be read, or does not hold Secrets.</summary>
    public const string InvalidDocument = "InvalidDocument";

    /// <summary>Plain text where ciphertext is due.</summary>
    public const string NotEncrypted = "NotEncrypted";

    /// <summary>None of the keys at hand opens it.</summary>
    public const string NoKey = "NoKey";

    /// <summary>A service that keeps a key does not answer, for now.</summary>
    public const string KeyServiceUnavailable = "KeyServiceUnavailable";

    /// <summary>A value was changed, moved, or sealed with another data key.</summary>
    public const string NotAuthentic = "NotAuthentic";

    /// <summary>All values open, but the text is not the one that was encrypted.</summary>
    public const string MacMismatch = "MacMismatch";

    /// <summary>It does not say where it belongs, and only keys of the whole cluster open it.</summary>
    public const string NotBound = "NotBound";

    /// <summary>It belongs to another object.</summary>
    public const string BoundElsewhere = "BoundElsewhere";

    /// <summary>A Secret of that name is somebody else's.</summary>
    public const string NotOwned = "NotOwned";

    /// <summary>The API server refused a Secret.</summary>
    public const string WriteFailed = "WriteFailed";

    /// <summary>The API server did not answer as it should, for now.</summary>
    public const string ApiRefused = "ApiRefused";

    public const string Suspended = "Suspended";

    public static string Of(SopsFailure failure) => failure switch
    {
        SopsFailure.NotSealed or SopsFailure.Plaintext => NotEncrypted,
        SopsFailure.NoKey or SopsFailure.DataKey => NoKey,
        SopsFailure.Unavailable => KeyServiceUnavailable,
        SopsFailure.Value => NotAuthentic,
        SopsFailure.Mac => MacMismatch,
        _ => InvalidDocument,
    };
}
