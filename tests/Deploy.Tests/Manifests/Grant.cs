namespace GitOpsSecrets.Deploy.Tests.Manifests;

/// <summary>One thing that a subject may do.</summary>
/// <param name="Where">A namespace, or <c>*</c> for all.</param>
/// <param name="Resource">As in <c>bitnami.com/sealedsecrets/status</c>; the core group is empty: <c>/secrets</c>.</param>
/// <param name="Name">The one object it may be done to, or <c>*</c> for all.</param>
internal sealed record Grant(string Where, string Resource, string Verb, string Name)
{
    /// <summary>Whether this one allows all that <paramref name="other"/> does.</summary>
    public bool Covers(Grant other) =>
        Resource == other.Resource && Verb == other.Verb
        && (Where == "*" || Where == other.Where)
        && (Name == "*" || Name == other.Name);
}
