using System.Collections.Frozen;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What the codes of AWS's errors mean.</summary>
internal static class AwsErrors
{
    public const string NotFound = "ResourceNotFoundException";
    public const string InvalidRequest = "InvalidRequestException";
    public const string InvalidParameter = "InvalidParameterException";
    public const string AlreadyExists = "ResourceExistsException";
    public const string AccessDenied = "AccessDeniedException";
    public const string ParameterNotFound = "ParameterNotFound";
    public const string ParameterAlreadyExists = "ParameterAlreadyExists";
    public const string InvalidResource = "InvalidResourceId";

    private static readonly FrozenSet<string> Throttling = Set(
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled", "TooManyRequestsException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown", "PriorRequestNotComplete", "ProvisionedThroughputExceededException", "TooManyUpdates");

    private static readonly FrozenSet<string> Trouble = Set(
        "InternalServiceError", "InternalServerError", "InternalFailure", "InternalError", "ServiceUnavailable", "ServiceUnavailableException", "ServerException", "RequestTimeout", "RequestTimeoutException", "IDPCommunicationError");

    private static readonly FrozenSet<string> Denied = Set(
        AccessDenied, "AccessDenied", "UnauthorizedOperation", "NotAuthorized", "OptInRequired", "AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidIdentityToken", "IDPRejectedClaim", "RequestExpired", "RequestTimeTooSkewed",
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "ExpiredToken", "ExpiredTokenException", "RegionDisabledException", "DecryptionFailure", "EncryptionFailure");

    /// <summary>Those of <see cref="Denied"/> by which a policy says no, whereas the others are about the credentials, the signature or the clock.</summary>
    public static IReadOnlyCollection<string> DeniedByPolicy { get; } = [AccessDenied, "AccessDenied", "UnauthorizedOperation"];

    private static readonly FrozenSet<string> Conflicts = Set(AlreadyExists, ParameterAlreadyExists, "ConflictException", "ConcurrentModificationException", "PreconditionNotMetException", "RequestInProgressException", "ResourceInUseException");

    private static readonly FrozenSet<string> DeadCredentials = Set("ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "RequestExpired");

    private static readonly FrozenSet<string> OtherClocks = Set("RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureException", "SignatureDoesNotMatch", "RequestInTheFuture");

    /// <summary>Null for codes that nobody has told us of.</summary>
    public static ProviderFailureKind? KindOf(string code)
    {
        if (Throttling.Contains(code)) return ProviderFailureKind.Throttled;
        if (Trouble.Contains(code)) return ProviderFailureKind.Unavailable;
        if (Denied.Contains(code)) return ProviderFailureKind.Denied;
        return Conflicts.Contains(code) ? ProviderFailureKind.Conflict : null;
    }

    /// <summary>Whether other credentials may help.</summary>
    public static bool IsAboutDeadCredentials(string code) => DeadCredentials.Contains(code);

    /// <summary>Whether our clock may be the reason.</summary>
    public static bool MayBeAboutTheClock(string code) => OtherClocks.Contains(code);

    private static FrozenSet<string> Set(params string[] codes) => codes.ToFrozenSet(StringComparer.Ordinal);
}
