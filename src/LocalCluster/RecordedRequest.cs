namespace GitOpsSecrets.LocalCluster;

/// <summary>A request the server has answered.</summary>
/// <param name="Verb">As RBAC names it; the HTTP method in lower case outside the resources.</param>
/// <param name="Resource">With its subresource, for example <c>sealedsecrets/status</c>; empty outside the resources.</param>
/// <param name="Path">With its query.</param>
public sealed record RecordedRequest(string Verb, string Resource, string Namespace, string Name, string Path, string User, int StatusCode)
{
    /// <summary>The form that was asked for, as the header says it; <c>null</c> where that is not known.</summary>
    public string? Accept { get; init; }

    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";
}
