using System.Globalization;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Generators.Google;

/// <summary>
/// A user name and a password for Google's registries (https://cloud.google.com/artifact-registry/docs/docker/authentication#token): an access token, which
/// holds for an hour as a rule.
/// </summary>
/// <param name="surroundings">Where Google and the controller's own credentials are.</param>
public sealed class GcrAccessTokenGenerator(GoogleSurroundings surroundings) : IGenerator
{
    private const string UserName = "oauth2accesstoken";

    public GcrAccessTokenGenerator()
        : this(GoogleSurroundings.OfProcess())
    {
    }

    public string Kind => GeneratorKinds.GcrAccessToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.GcrAccessTokenSpec, spec => Problems(request, spec));
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.GcrAccessTokenSpec, spec => UnusedOf(spec, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.GcrAccessTokenSpec, read => Problems(request, read));
        var auth = AuthOf(spec);
        using var http = GoogleConnection.Open(request.Http, surroundings, auth, new CallMeter(request.Calls, "GCP/SecretManager", request.Time), request.Time);
        var login = await new GoogleLogins(StoreOf(request), request.Cluster, http, surroundings, request.Time).ChooseAsync(auth, cancellationToken).ConfigureAwait(false);
        var token = await login.LogInAsync(cancellationToken).ConfigureAwait(false);
        var values = new SecretValues();
        values.Set("username", Encoding.UTF8.GetBytes(UserName));
        values.Set("password", Encoding.UTF8.GetBytes(token.Value));
        values.Set("expiry", Encoding.UTF8.GetBytes(token.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return new Generated(values, ExpiresAt: token.ExpiresAt);
    }

    private static IEnumerable<string> Problems(GeneratorRequest request, GcrAccessTokenSpec spec) => GoogleRules.AuthProblems(StoreOf(request), AuthOf(spec), "spec.auth");

    private static IEnumerable<string> UnusedOf(GcrAccessTokenSpec spec, string @namespace)
    {
        var asksProject = spec.Auth is { SecretRef: null, WorkloadIdentity: { } identity } && string.IsNullOrEmpty(identity.ClusterProjectID);
        if (!asksProject && !string.IsNullOrEmpty(spec.ProjectID)) yield return "spec.projectID";
        foreach (var field in GoogleRules.UnusedLogins(AuthOf(spec), "spec.auth", @namespace)) yield return field;
    }

    /// <summary>Of the caller's namespace, so that no reference of a ClusterGenerator leads out of it.</summary>
    private static StoreDescription StoreOf(GeneratorRequest request) => new(GeneratorKinds.GcrAccessToken, "generator", request.Namespace, request.Spec);

    // The project of the registry is that of the cluster too where nothing else is said.
    private static GcpAuth AuthOf(GcrAccessTokenSpec spec) => new()
    {
        SecretRef = spec.Auth.SecretRef,
        WorkloadIdentityFederation = spec.Auth.WorkloadIdentityFederation,
        WorkloadIdentity = spec.Auth.WorkloadIdentity is { } identity
            ? new GcpWorkloadIdentity
            {
                ServiceAccountRef = identity.ServiceAccountRef,
                ClusterLocation = identity.ClusterLocation,
                ClusterName = identity.ClusterName,
                ClusterProjectID = string.IsNullOrEmpty(identity.ClusterProjectID) ? spec.ProjectID : identity.ClusterProjectID,
            }
            : null,
    };
}
