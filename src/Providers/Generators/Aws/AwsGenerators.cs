using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws;

namespace GitOpsSecrets.Providers.Generators.Aws;

/// <summary>What the generators of AWS have in common with its stores: region, login, role.</summary>
internal static class AwsGenerators
{
    public static IEnumerable<string> Problems(GeneratorRequest request, string kind, string region, AwsAuth? auth) =>
    [
        .. AwsSurroundings.IsRegion(region) ? [] : (string[])[$"spec.region \"{region}\" is none of AWS"],
        .. AwsRules.AuthProblems(Describe(request, kind), "spec.auth", auth),
    ];

    /// <returns>The caller's to dispose.</returns>
    public static Task<AwsConnection> ConnectAsync(GeneratorRequest request, string kind, AwsSurroundings surroundings, string region, AwsAuth? auth, string? role, CancellationToken cancellationToken)
    {
        var context = new StoreContext(Describe(request, kind), request.Cluster, request.Http, request.Calls, Retry: null, request.Time);
        return AwsConnection.OpenAsync(context, surroundings, region, auth, string.IsNullOrEmpty(role) ? [] : [new AwsRole(role)], cancellationToken);
    }

    /// <summary>Of the caller's namespace, so that no reference of a ClusterGenerator leads out of it.</summary>
    private static StoreDescription Describe(GeneratorRequest request, string kind) => new(kind, "generator", request.Namespace, request.Spec);
}
