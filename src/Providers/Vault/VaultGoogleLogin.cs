using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// The login of the <c>gcp</c> auth method (https://developer.hashicorp.com/vault/docs/auth/gcp): a JWT that says who somebody of Google's is, made for the one
/// role and for some minutes. With a key, or with workload identity, that is a service account (<c>iam</c>); else the machine itself (<c>gce</c>).
/// </summary>
internal sealed class VaultGoogleLogin(StoreContext context, GoogleSurroundings surroundings)
{
    // Vault takes none that lives longer than a quarter of an hour.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <exception cref="ProviderException">There are no credentials, or Google does not know them.</exception>
    public async Task<IReadOnlyDictionary<string, string>> FieldsAsync(VaultAuth.GcpAuth gcp, CancellationToken cancellationToken)
    {
        var auth = new GcpAuth { SecretRef = gcp.SecretRef, WorkloadIdentity = gcp.SecretRef is null ? IdentityOf(gcp) : null };
        using var http = GoogleConnection.Open(context.Http, surroundings, auth, new CallMeter(context.Calls, "HashiCorp/Vault", context.Time), context.Time);
        var jwt = auth switch
        {
            { SecretRef: { } secret } => await SignAsync(gcp.Role, secret, cancellationToken).ConfigureAwait(false),
            { WorkloadIdentity: { } identity } => await AskAsync(gcp.Role, identity, http, cancellationToken).ConfigureAwait(false),
            _ => await new GoogleLogins(context.Store, context.Cluster, http, surroundings, context.Time).Metadata.IdentityAsync($"http://vault/{gcp.Role}", cancellationToken).ConfigureAwait(false),
        };
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = gcp.Role, ["jwt"] = jwt };
    }

    /// <summary>A service account by itself is one of this cluster, which the metadata server knows; the project is the cluster's where nothing else says it.</summary>
    private static GcpWorkloadIdentity? IdentityOf(VaultAuth.GcpAuth gcp)
    {
        var identity = gcp.WorkloadIdentity ?? (gcp.ServiceAccountRef is { } account ? new GcpWorkloadIdentity { ServiceAccountRef = account } : null);
        return identity is null || !string.IsNullOrEmpty(identity.ClusterProjectID) ? identity : identity with { ClusterProjectID = gcp.ProjectID };
    }

    private async Task<string> SignAsync(string role, GcpSecretRef secret, CancellationToken cancellationToken)
    {
        var bytes = await SelectedText.ReadBytesAsync(context.Cluster, secret.SecretAccessKeySecretRef ?? new(), null, cancellationToken).ConfigureAwait(false);
        try
        {
            using var key = GoogleKey.Parse(bytes);
            return key.Sign(Claims(role, key.Email));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Google signs for the account that the service account of the cluster may act as.</summary>
    private async Task<string> AskAsync(string role, GcpWorkloadIdentity identity, GoogleHttp http, CancellationToken cancellationToken)
    {
        var account = identity.ServiceAccountRef;
        var annotations = await context.Cluster.ReadServiceAccountAnnotationsAsync(account.Namespace, account.Name, cancellationToken).ConfigureAwait(false);
        if (!annotations.TryGetValue(WorkloadIdentityLogin.Annotation, out var email) || email.Length == 0)
            throw new ProviderException(ProviderFailureKind.Invalid, $"ServiceAccount \"{account.Name}\" has no annotation {WorkloadIdentityLogin.Annotation}, so that it stands for nobody whom Vault could know");
        var login = await new GoogleLogins(context.Store, context.Cluster, http, surroundings, context.Time).ChooseAsync(new GcpAuth { WorkloadIdentity = identity }, cancellationToken).ConfigureAwait(false);
        var token = await login.LogInAsync(cancellationToken).ConfigureAwait(false);
        var body = GoogleJson.Bytes(new JsonObject { ["payload"] = Claims(role, email).ToJsonString() });
        var call = new GoogleCall(HttpMethod.Post, surroundings.ServiceAccount(email, "signJwt"), "SignJwt") { Body = body, MayRepeat = true };
        using var answer = await http.SendAsync(call, token.Value, cancellationToken).ConfigureAwait(false);
        return JsonMembers.Text(answer.Root, "signedJwt") ?? throw new ProviderException(ProviderFailureKind.Invalid, "Google signed nothing: what answered in its place?");
    }

    private JsonObject Claims(string role, string email)
    {
        var now = context.Time.GetUtcNow();
        return new JsonObject { ["sub"] = email, ["aud"] = $"vault/{role}", ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + Lifetime).ToUnixTimeSeconds() };
    }
}
