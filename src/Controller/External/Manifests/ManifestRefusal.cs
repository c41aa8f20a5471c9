using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>
/// Why the API server does not do as it is told with a target, in our own words: those of validation and of admission webhooks quote what they do not like, and that may
/// be a value out of a store.
/// </summary>
internal static class ManifestRefusal
{
    private const string Withheld = "its words are withheld, as they may quote a value";

    /// <summary>Of whatever was asked for on the way.</summary>
    public static string Of(KubeApiException refused) => refused switch
    {
        { IsForbidden: true } => $"the API server does not let the controller {What(refused)}: its role lacks that, unless a policy or a quota refuses the object, or its namespace is being deleted",
        { IsInvalid: true, Fields.Count: > 0 } => $"the API server does not accept {string.Join(", ", refused.Fields)} when asked to {What(refused)} ({Withheld})",
        _ => $"the API server answers {refused.Code} {refused.Reason} when asked to {What(refused)} ({Withheld})",
    };

    /// <summary>Of the target, which the controller has to be allowed all of.</summary>
    public static string Of(KubeApiException refused, KubeResource resource) => refused switch
    {
        { IsForbidden: true } => $"the API server forbids it: the controller needs get, list, watch, create, update and delete on {resource}, unless a policy or a quota refuses the object, or its namespace is being deleted",
        { IsInvalid: true, Fields.Count: > 0 } => $"the API server does not accept {string.Join(", ", refused.Fields)} ({Withheld})",
        { IsInvalid: true } => $"the API server answers {refused.Code} {refused.Reason} ({Withheld})",
        _ => $"the API server answers {refused.Code} {refused.Reason}",
    };

    private static string What(KubeApiException refused) => refused.Resource is { } resource ? $"{refused.Verb} {resource}" : "do what it takes";
}
