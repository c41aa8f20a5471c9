using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Workload identity of GKE: the token of a service account of the cluster is given for one of Google's, and that, when the service account's annotation
/// names a service account of Google, for a token of this one.
/// </summary>
internal sealed class WorkloadIdentityLogin(IStoreCluster cluster, GcpWorkloadIdentity identity, MetadataServer metadata, GoogleHttp http, GoogleSurroundings surroundings, TokenExchange exchange) : IGoogleLogin
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
        var subject = await cluster.RequestTokenAsync(account.Namespace, account.Name, [pool, .. account.Audiences ?? []], ShortLived, cancellationToken).ConfigureAwait(false);
        var audience = $"identitynamespace:{pool}:https://container.googleapis.com/v1/projects/{project}/locations/{location}/clusters/{name}";
        var federated = await BindAsync(audience, subject.Token, cancellationToken).ConfigureAwait(false);
        return annotations.TryGetValue(Annotation, out var email) && email.Length > 0
            ? await exchange.ImpersonateAsync(email, federated.Value, cancellationToken).ConfigureAwait(false)
            : federated;
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>The exchange of RFC 8693 at the address that knows GKE's pools, which takes it as JSON.</summary>
    private async Task<GoogleToken> BindAsync(string audience, string subject, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["audience"] = audience,
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["requested_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["scope"] = TokenExchange.Scope,
            ["subject_token"] = subject,
            ["subject_token_type"] = TokenExchange.JwtType,
        };
        var address = new Uri(surroundings.Service("SECURETOKEN", "securetoken.googleapis.com"), "v1/identitybindingtoken");
        var call = new GoogleCall(HttpMethod.Post, address, "GenerateIDBindToken") { Body = GoogleJson.Bytes(body), MayRepeat = true };
        using var answer = await http.SendAsync(call, null, cancellationToken).ConfigureAwait(false);
        return exchange.TokenOf(answer.Root);
    }
}
