using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Workload identity of GKE: the token of a service account of the cluster is given for one of Google's, and that, when the service account's annotation
/// names a service account of Google, for a token of this one.
/// </summary>
internal sealed class WorkloadIdentityLogin(IStoreCluster cluster, GcpWorkloadIdentity identity, MetadataServer metadata, GoogleLibrary library) : IGoogleLogin
{
    public const string Annotation = "iam.gke.io/gcp-service-account";
    private static readonly TimeSpan ShortLived = TimeSpan.FromMinutes(15);

    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var account = identity.ServiceAccountRef;
        var annotations = await cluster.ReadServiceAccountAnnotationsAsync(account.Namespace, account.Name, cancellationToken).ConfigureAwait(false);
        var project = Given(identity.ClusterProjectID) ?? await metadata.ProjectAsync(cancellationToken).ConfigureAwait(false);
        var location = Given(identity.ClusterLocation) ?? await metadata.AttributeAsync("cluster-location", cancellationToken).ConfigureAwait(false);
        var name = Given(identity.ClusterName) ?? await metadata.AttributeAsync("cluster-name", cancellationToken).ConfigureAwait(false);
        var pool = $"{project}.svc.id.goog";
        var audience = $"identitynamespace:{pool}:https://container.googleapis.com/v1/projects/{project}/locations/{location}/clusters/{name}";
        var credential = library.Bound(audience, RequestAsync);
        if (annotations.TryGetValue(Annotation, out var email) && email.Length > 0) credential = library.Impersonated(credential, email);
        return await library.LogInAsync(credential, cancellationToken).ConfigureAwait(false);

        async Task<string> RequestAsync(CancellationToken stop) =>
            (await cluster.RequestTokenAsync(account.Namespace, account.Name, [pool, .. account.Audiences ?? []], ShortLived, stop).ConfigureAwait(false)).Token;
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
