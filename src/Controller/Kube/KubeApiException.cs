using System.Net;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// The API server refused a request. <see cref="Exception.Message"/> is the message of its <c>Status</c>, at most 1024 characters;
/// of the request its verb and resource are kept, and nothing else.
/// </summary>
internal sealed class KubeApiException : Exception
{
    public const int LongestMessage = 1024;

    public KubeApiException(HttpStatusCode code, string reason, string message, TimeSpan? retryAfter = null)
        : base(message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage - 1), "…"))
    {
        Code = (int)code;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>The HTTP status code.</summary>
    public int Code { get; }

    /// <summary>The machine-readable reason of the Status, such as <c>AlreadyExists</c>; derived from the code when there is none.</summary>
    public string Reason { get; }

    /// <summary>Paths of the fields that are not as they should be, so far as the server names them, each with its reason as a word, if it has one; at most five.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What was to be done with <see cref="Resource"/>: read, create, update, patch, delete.</summary>
    public string Verb { get; init; } = "use";

    /// <summary>What it was about, where that is known.</summary>
    public KubeResource? Resource { get; init; }

    /// <summary>How long the server asks to be left alone, if it does.</summary>
    public TimeSpan? RetryAfter { get; }

    public bool IsNotFound => Code == 404;

    /// <summary>A create found the object there already.</summary>
    public bool IsAlreadyExists => Code == 409 && Reason == KubeReason.AlreadyExists;

    /// <summary>Optimistic locking, or another field manager, won.</summary>
    public bool IsConflict => Code == 409 && Reason != KubeReason.AlreadyExists;

    public bool IsForbidden => Code == 403;

    /// <summary>The namespace is being deleted, and all in it with it.</summary>
    public bool IsNamespaceEnding { get; init; }

    /// <summary>Somebody was quicker, or the cache was behind: what was decided was decided on something old, and is to be decided again.</summary>
    public bool IsOvertaken => IsConflict || IsAlreadyExists || IsNamespaceEnding;

    /// <summary>The API server or an admission plugin does not accept the object.</summary>
    public bool IsInvalid => Code is 400 or 422;

    /// <summary>The object is not what an object of its kind may be: the same one never will be.</summary>
    public bool IsRejected => Code == 422;

    /// <summary>The resourceVersion or continue token asked with is too old.</summary>
    public bool IsExpired => Code == 410 || Reason is KubeReason.Expired or KubeReason.Gone;

    /// <summary>The server is in trouble or too busy; the request itself may be fine.</summary>
    public bool IsTransient => Code is 408 or 429 or >= 500;
}
