using System.Security.Cryptography;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// The ways to log in. Credentials are read for each login, so that rotated ones are picked up, and never pass through the process's environment.
/// </summary>
internal sealed class AzureLogins(IStoreCluster cluster, IProviderHttp http, AzureSurroundings surroundings, CallMeter meter, TimeProvider time)
{
    public const string ClientAnnotation = "azure.workload.identity/client-id";
    public const string TenantAnnotation = "azure.workload.identity/tenant-id";
    private const string Audience = "api://AzureADTokenExchange";
    private static readonly TimeSpan ShortLived = TimeSpan.FromMinutes(10);

    /// <param name="shownTo">The host that gets the tokens; null where no stranger names it.</param>
    public AzureCredential Choose(AzureIdentity identity, AzureCloud cloud, RetrySettings? retry, string? shownTo)
    {
        if (identity.AuthType == AzureStore.ManagedIdentity) return new AzureMachineCredential(http, new() { Retry = retry }, meter, time, identity.ManagedId, shownTo);
        Func<CancellationToken, Task<AzureProof>> proof = (identity.AuthType, identity.ServiceAccount) switch
        {
            (AzureStore.WorkloadIdentity, { } account) => stop => AccountAsync(identity, account, stop),
            (AzureStore.WorkloadIdentity, null) => stop => ControllerAsync(identity, cloud, stop),
            _ => stop => PrincipalAsync(identity, stop),
        };
        return new AzureApplicationCredential(http, new() { Retry = retry, GuardAddresses = true }, meter, time, cloud.Authority, proof, shownTo);
    }

    private async Task<AzureProof> PrincipalAsync(AzureIdentity identity, CancellationToken cancellationToken)
    {
        var credentials = identity.Credentials ?? throw Missing($"{identity.Path}.authSecretRef is required for {AzureStore.ServicePrincipal}");
        var tenant = await TenantAsync(identity, cancellationToken).ConfigureAwait(false) ?? throw Missing($"{identity.Path}.tenantId is required for {AzureStore.ServicePrincipal}");
        var client = await ReadAsync(credentials.ClientId ?? new(), cancellationToken).ConfigureAwait(false);
        if (credentials.ClientCertificate is not { } selector) return new(tenant, client) { Password = await ReadAsync(credentials.ClientSecret ?? new(), cancellationToken).ConfigureAwait(false) };
        var certificate = await SelectedText.ReadBytesAsync(cluster, selector, null, cancellationToken).ConfigureAwait(false);
        try
        {
            return AzureProof.Signing(tenant, client, certificate);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(certificate);
        }
    }

    // A service account that an application trusts: which application and tenant, the account's annotations say, or the store; not both.
    private async Task<AzureProof> AccountAsync(AzureIdentity identity, ServiceAccountSelector account, CancellationToken cancellationToken)
    {
        var annotations = await cluster.ReadServiceAccountAnnotationsAsync(account.Namespace, account.Name, cancellationToken).ConfigureAwait(false);
        var named = identity.Credentials?.ClientId is { } selector ? await ReadAsync(selector, cancellationToken).ConfigureAwait(false) : null;
        var client = Single(named, annotations.GetValueOrDefault(ClientAnnotation), $"multiple clientID found. Check {identity.Path}.authSecretRef.clientId and the annotation {ClientAnnotation} of service account {account.Name}")
            ?? throw Missing($"missing clientID: service account {account.Name} has no annotation {ClientAnnotation}, and {identity.Path}.authSecretRef.clientId is not set");
        var tenant = Single(await TenantAsync(identity, cancellationToken).ConfigureAwait(false), annotations.GetValueOrDefault(TenantAnnotation), $"multiple tenantID found. Check {identity.Path}.tenantId, authSecretRef.tenantId and the annotation {TenantAnnotation} of service account {account.Name}")
            ?? surroundings.Value(AzureSurroundings.TenantId)
            ?? throw Missing($"missing tenantID: {identity.Path}.tenantId is not set, and service account {account.Name} has no annotation {TenantAnnotation}");
        var token = await cluster.RequestTokenAsync(account.Namespace, account.Name, [Audience, .. account.Audiences ?? []], ShortLived, cancellationToken).ConfigureAwait(false);
        return new(tenant, client) { Assertion = token.Token };
    }

    // The controller's own identity goes nowhere that a tenant names: its token would let whoever gets it log in as the controller.
    private async Task<AzureProof> ControllerAsync(AzureIdentity identity, AzureCloud cloud, CancellationToken cancellationToken)
    {
        var client = surroundings.Value(AzureSurroundings.ClientId);
        var tenant = surroundings.Value(AzureSurroundings.TenantId);
        if (client is null || tenant is null || surroundings.Value(AzureSurroundings.TokenFile) is not { } file)
            throw Missing($"{identity.Path} names no serviceAccountRef, and the controller's environment has no {AzureSurroundings.ClientId}, {AzureSurroundings.TenantId} and {AzureSurroundings.TokenFile}, which Azure's webhook sets on pods with the label azure.workload.identity/use");
        if (!IsOperators(cloud.Authority)) throw new ProviderException(ProviderFailureKind.Denied, $"the controller's own identity does not log in at {cloud.Authority.Host}: name a serviceAccountRef, or set {AzureSurroundings.AuthorityHost} for the controller");
        try
        {
            return new(tenant, client) { Assertion = (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim() };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Missing($"the file that the controller's environment variable {AzureSurroundings.TokenFile} names cannot be read");
        }
    }

    private bool IsOperators(Uri authority)
        => AzureCloud.IsKnown(authority.Host)
            || (Uri.TryCreate(surroundings.Value(AzureSurroundings.AuthorityHost), UriKind.Absolute, out var own) && own.Authority == authority.Authority);

    private async Task<string?> TenantAsync(AzureIdentity identity, CancellationToken cancellationToken)
    {
        if (identity.Credentials?.TenantId is { } selector) return await ReadAsync(selector, cancellationToken).ConfigureAwait(false);
        return string.IsNullOrEmpty(identity.TenantId) ? null : identity.TenantId;
    }

    private async Task<string> ReadAsync(SecretKeySelector selector, CancellationToken cancellationToken)
        => (await SelectedText.ReadAsync(cluster, selector, null, cancellationToken).ConfigureAwait(false)).Trim();

    private static string? Single(string? one, string? other, string both)
    {
        if (!string.IsNullOrEmpty(one) && !string.IsNullOrEmpty(other)) throw Missing(both);
        return string.IsNullOrEmpty(one) ? (string.IsNullOrEmpty(other) ? null : other) : one;
    }

    private static ProviderException Missing(string message) => new(ProviderFailureKind.Invalid, message);
}
