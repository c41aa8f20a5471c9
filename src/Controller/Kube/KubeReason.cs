namespace GitOpsSecrets.Controller.Kube;

/// <summary>Reasons in a <c>Status</c> that code decides by.</summary>
internal static class KubeReason
{
    public const string AlreadyExists = "AlreadyExists";
    public const string Conflict = "Conflict";
    public const string Expired = "Expired";
    public const string Gone = "Gone";
    public const string NotFound = "NotFound";

    /// <summary>Of a cause: nothing is created any more in a namespace that is being deleted.</summary>
    public const string NamespaceTerminating = "NamespaceTerminating";
    public const string TooManyRequests = "TooManyRequests";
}
