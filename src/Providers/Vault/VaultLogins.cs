using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// The ways to log in to Vault that a store can name, in the order in which the original looks at them: the first that is there counts.
/// Credentials are read for each login, so that rotated ones are picked up, and never pass through the process's environment.
/// </summary>
internal sealed class VaultLogins(IStoreCluster cluster, VaultAuth auth, VaultAwsLogin aws, VaultGoogleLogin google)
{
    private static readonly TimeSpan ShortLived = TimeSpan.FromMinutes(10);

    /// <returns>Null where the store names none, since an agent in between adds the token.</returns>
    public IVaultLogin? Choose() => auth switch
    {
        { AppRole: { } role } => Login($"auth/{Mount(role.Path, "approle")}/login", stop => AppRoleAsync(role, stop)),
        { Kubernetes: { } kubernetes } => Login($"auth/{Mount(kubernetes.MountPath, "kubernetes")}/login", stop => KubernetesAsync(kubernetes, stop)),
        { Ldap: { } ldap } => Login($"auth/{Mount(ldap.Path, "ldap")}/login/{Uri.EscapeDataString(ldap.Username)}", stop => PasswordAsync(ldap, stop)),
        { UserPass: { } user } => Login($"auth/{Mount(user.Path, "userpass")}/login/{Uri.EscapeDataString(user.Username)}", stop => PasswordAsync(user, stop)),
        { Jwt: { } jwt } => Login($"auth/{Mount(jwt.Path, "jwt")}/login", stop => JwtAsync(jwt, stop)),
        // The certificate itself is shown by the connection.
        { Cert: { } cert } => Login($"auth/{Mount(cert.Path, "cert")}/login", _ => Fields(("name", cert.VaultRole ?? ""))),
        { Iam: { } iam } => Login($"auth/{Mount(iam.Path, "aws")}/login", stop => aws.FieldsAsync(iam, stop)),
        { Gcp: { } gcp } => Login($"auth/{Mount(gcp.Path, "gcp")}/login", stop => google.FieldsAsync(gcp, stop)),
        _ => null,
    };

    private VaultLogin Login(string path, Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>> fields) => new(path, auth.Namespace, fields);

    private async Task<IReadOnlyDictionary<string, string>> AppRoleAsync(VaultAuth.AppRoleAuth role, CancellationToken cancellationToken)
    {
        var id = role.RoleRef is null ? role.RoleId ?? "" : await ReadAsync(role.RoleRef, null, cancellationToken).ConfigureAwait(false);
        return await Fields(("role_id", id.Trim()), ("secret_id", await ReadAsync(role.SecretRef, null, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private async Task<IReadOnlyDictionary<string, string>> KubernetesAsync(VaultAuth.KubernetesAuth kubernetes, CancellationToken cancellationToken)
    {
        var jwt = kubernetes switch
        {
            { ServiceAccountRef: { } account } => (await cluster.RequestTokenAsync(account.Namespace, account.Name, account.Audiences ?? [], ShortLived, cancellationToken).ConfigureAwait(false)).Token,
            { SecretRef: { } secret } => await ReadAsync(secret, "token", cancellationToken).ConfigureAwait(false),
            _ => (await cluster.ReadControllerTokenAsync(cancellationToken).ConfigureAwait(false)).Token,
        };
        return await Fields(("jwt", jwt), ("role", kubernetes.Role)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyDictionary<string, string>> PasswordAsync(VaultAuth.PasswordAuth login, CancellationToken cancellationToken)
        => await Fields(("password", await ReadAsync(login.SecretRef ?? new(), null, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);

    private async Task<IReadOnlyDictionary<string, string>> JwtAsync(VaultAuth.JwtAuth jwt, CancellationToken cancellationToken)
    {
        var token = jwt.KubernetesServiceAccountToken is { } requested
            ? await RequestAsync(requested, cancellationToken).ConfigureAwait(false)
            : await ReadAsync(jwt.SecretRef ?? new(), null, cancellationToken).ConfigureAwait(false);
        return await Fields(("role", jwt.Role ?? ""), ("jwt", token)).ConfigureAwait(false);
    }

    private async Task<string> RequestAsync(VaultAuth.RequestedToken requested, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> audiences = requested.Audiences is { Count: > 0 } named ? named : ["vault"];
        var account = requested.ServiceAccountRef;
        var lifetime = requested.ExpirationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : ShortLived;
        var token = await cluster.RequestTokenAsync(account.Namespace, account.Name, [.. account.Audiences ?? [], .. audiences], lifetime, cancellationToken).ConfigureAwait(false);
        return token.Token;
    }

    private async Task<string> ReadAsync(SecretKeySelector selector, string? defaultKey, CancellationToken cancellationToken)
        => await SelectedText.ReadAsync(cluster, selector, defaultKey, cancellationToken).ConfigureAwait(false);

    private static string Mount(string? path, string otherwise) => string.Join('/', (string.IsNullOrEmpty(path) ? otherwise : path).Trim('/').Split('/').Select(Uri.EscapeDataString));

    private static Task<IReadOnlyDictionary<string, string>> Fields(params (string Name, string Value)[] fields)
        => Task.FromResult<IReadOnlyDictionary<string, string>>(fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));
}
