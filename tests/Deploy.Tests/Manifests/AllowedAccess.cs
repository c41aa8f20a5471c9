namespace GitOpsSecrets.Deploy.Tests.Manifests;

/// <summary>
/// The most that the controller may have: what the original's manifests give to theirs, plus SopsSecrets and one Lease. Nobody widens a
/// role without changing this list, and SECURITY.md with it.
/// </summary>
internal static class AllowedAccess
{
    /// <param name="namespaces">Where unsealing is allowed; <c>*</c> for all.</param>
    /// <param name="home">The controller's own namespace.</param>
    /// <param name="sops">Whether SopsSecrets are served.</param>
    public static IReadOnlyList<Grant> Of(IEnumerable<string> namespaces, string home, string lease, bool sops = true) =>
    [
        .. namespaces.SelectMany(Unsealing).Where(grant => sops || !grant.Resource.StartsWith("isindir.github.com/", StringComparison.Ordinal)),
        new Grant(home, "/secrets", "create", "*"),
        new Grant(home, "/secrets", "list", "*"),
        new Grant(home, "coordination.k8s.io/leases", "create", "*"),
        new Grant(home, "coordination.k8s.io/leases", "get", lease),
        new Grant(home, "coordination.k8s.io/leases", "update", lease),
    ];

    private static IEnumerable<Grant> Unsealing(string scope) =>
        from grant in new (string Resource, string[] Verbs)[]
        {
            ("bitnami.com/sealedsecrets", ["get", "list", "watch"]),
            ("bitnami.com/sealedsecrets/status", ["update"]),
            ("isindir.github.com/sopssecrets", ["get", "list", "watch"]),
            ("isindir.github.com/sopssecrets/status", ["update"]),
            ("/secrets", ["get", "list", "watch", "create", "update", "delete"]),
            ("/events", ["create", "patch"]),
        }
        from verb in grant.Verbs
        select new Grant(scope, grant.Resource, verb, "*");
}
