using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// From what a store says about logging in to credentials:
/// <code>
///  auth.jwt        token of the service account ──AssumeRoleWithWebIdentity──┐
///  auth.secretRef  keys in Secrets ──────────────────────────────────────────┼─▶ additionalRoles, one after the other ─▶ role (external id, tags)
///  neither         the controller's own (<see cref="AwsOwnIdentity"/>) ──────┘
/// </code>
/// Everything is read anew for each login, so that rotated credentials are picked up, and never passes through the process's environment.
/// </summary>
internal sealed class AwsLogin(IStoreCluster cluster, AwsSecurityTokens tokens, AwsOwnIdentity own)
{
    private const string DefaultAudience = "sts.amazonaws.com";
    private const string RoleAnnotation = "eks.amazonaws.com/role-arn";
    private const string AudienceAnnotation = "eks.amazonaws.com/audience";
    private static readonly TimeSpan ShortLived = TimeSpan.FromMinutes(10);

    /// <param name="auth">Null is the controller's own identity.</param>
    /// <param name="roles">Assumed one after the other.</param>
    /// <exception cref="ProviderException">Something named is not there, or AWS refused.</exception>
    public async Task<AwsCredentials> LogInAsync(AwsAuth? auth, IEnumerable<AwsRole> roles, CancellationToken cancellationToken)
    {
        var credentials = auth switch
        {
            { Jwt.ServiceAccountRef: { } account } => await WithTokenAsync(account, cancellationToken).ConfigureAwait(false),
            { SecretRef: { } keys } => await WithKeysAsync(keys, cancellationToken).ConfigureAwait(false),
            _ => await own.ObtainAsync(cancellationToken).ConfigureAwait(false),
        };
        foreach (var role in roles) credentials = await tokens.AssumeAsync(role, credentials, cancellationToken).ConfigureAwait(false);
        return credentials;
    }

    private async Task<AwsCredentials> WithTokenAsync(ServiceAccountSelector account, CancellationToken cancellationToken)
    {
        var annotations = await cluster.ReadServiceAccountAnnotationsAsync(account.Namespace, account.Name, cancellationToken).ConfigureAwait(false);
        if (!annotations.TryGetValue(RoleAnnotation, out var role) || role.Length == 0)
            throw new ProviderException(ProviderFailureKind.Invalid, $"ServiceAccount \"{account.Name}\" names no role: an IAM role must be associated with it by the annotation {RoleAnnotation}");
        var audience = annotations.TryGetValue(AudienceAnnotation, out var named) && named.Length > 0 ? named : DefaultAudience;
        var token = await cluster.RequestTokenAsync(account.Namespace, account.Name, [audience, .. account.Audiences ?? []], ShortLived, cancellationToken).ConfigureAwait(false);
        return await tokens.AssumeWithTokenAsync(role, AwsRole.SessionName, token.Token, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AwsCredentials> WithKeysAsync(AwsCredentialsRef keys, CancellationToken cancellationToken)
    {
        var id = await ReadAsync(keys.AccessKeyIDSecretRef ?? new(), cancellationToken).ConfigureAwait(false);
        var secret = await ReadAsync(keys.SecretAccessKeySecretRef ?? new(), cancellationToken).ConfigureAwait(false);
        if (id.Length == 0 || secret.Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "the access key in the Secrets that secretRef names is empty");
        var token = keys.SessionTokenSecretRef is null ? null : await ReadAsync(keys.SessionTokenSecretRef, cancellationToken).ConfigureAwait(false);
        return new AwsCredentials(id, secret, string.IsNullOrEmpty(token) ? null : token, null);
    }

    private async Task<string> ReadAsync(SecretKeySelector selector, CancellationToken cancellationToken)
        => (await SelectedText.ReadAsync(cluster, selector, null, cancellationToken).ConfigureAwait(false)).Trim();
}
