using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// The ways to log in to Google Cloud that a store can name, in the order in which the original looks at them; the controller's own default credentials
/// when it names none.
/// </summary>
internal sealed class GoogleLogins(StoreDescription store, IStoreCluster cluster, GoogleHttp http, GoogleSurroundings surroundings, TimeProvider time)
{
    private const string PodToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    private static readonly TimeSpan ShortLived = TimeSpan.FromMinutes(15);
    private readonly GoogleLibrary library = new(http, surroundings, time);

    public MetadataServer Metadata => new(http, surroundings);

    /// <exception cref="ProviderException">What the store names is not there, or not to be used.</exception>
    public async Task<IGoogleLogin> ChooseAsync(GcpAuth? auth, CancellationToken cancellationToken) => auth switch
    {
        { SecretRef: { } secret } => new ServiceAccountLogin(library, stop => SelectedText.ReadBytesAsync(cluster, secret.SecretAccessKeySecretRef ?? new(), null, stop)),
        { WorkloadIdentity: { } identity } => new WorkloadIdentityLogin(cluster, identity, Metadata, library),
        { WorkloadIdentityFederation: { } federation } => await FederateAsync(federation, cancellationToken).ConfigureAwait(false),
        _ => new DefaultLogin(surroundings, http, library),
    };

    private async Task<FederationLogin> FederateAsync(GcpWorkloadIdentityFederation federation, CancellationToken cancellationToken)
    {
        if (federation.CredConfig is { } config) return await ByConfigurationAsync(federation, config, cancellationToken).ConfigureAwait(false);
        var email = string.IsNullOrEmpty(federation.GcpServiceAccountEmail) ? null : federation.GcpServiceAccountEmail;
        if (federation.AwsSecurityCredentials is { } aws)
            return new FederationLogin(library, federation.Audience!, GoogleLibrary.AwsType, stop => ProveAwsAsync(aws, federation.Audience!, stop)) { Account = email };
        var account = federation.ServiceAccountRef!;
        return new FederationLogin(library, federation.Audience!, GoogleLibrary.JwtType, RequestAsync) { Account = email, Annotated = AnnotatedAsync };

        async Task<string?> AnnotatedAsync(CancellationToken stop)
        {
            var annotations = await cluster.ReadServiceAccountAnnotationsAsync(account.Namespace, account.Name, stop).ConfigureAwait(false);
            return annotations.TryGetValue(WorkloadIdentityLogin.Annotation, out var annotated) && annotated.Length > 0 ? annotated : null;
        }

        async Task<string> RequestAsync(CancellationToken stop) =>
            (await cluster.RequestTokenAsync(account.Namespace, account.Name, account.Audiences ?? [], ShortLived, stop).ConfigureAwait(false)).Token;
    }

    private async Task<FederationLogin> ByConfigurationAsync(GcpWorkloadIdentityFederation federation, GcpWorkloadIdentityFederation.ConfigMapKeySelector config, CancellationToken cancellationToken)
    {
        var text = await cluster.ReadConfigMapKeyAsync(config.Namespace, config.Name, config.Key, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(text);
            return FederationLogin.Of(library, document.RootElement, string.IsNullOrEmpty(federation.Audience) ? null : federation.Audience, (source, stop) => ReadSourceAsync(federation, source, stop));
        }
        catch (JsonException)
        {
            throw FederationLogin.Invalid($"key {config.Key} of ConfigMap {config.Name} is not JSON");
        }
    }

    /// <summary>
    /// Whoever writes a ConfigMap must not have addresses called or files of this pod read: an address counts when the store names it too, a file in a
    /// cluster store only, and the pod's own token never.
    /// </summary>
    private async Task<string> ReadSourceAsync(GcpWorkloadIdentityFederation federation, JsonElement source, CancellationToken cancellationToken)
    {
        if (JsonMembers.Text(source, "file") is { Length: > 0 } file)
        {
            if (!store.IsClusterWide || Path.GetFullPath(file) == PodToken) throw FederationLogin.Invalid("credential_source.file names a file of the controller's; use serviceAccountRef");
            return FederationLogin.TokenIn(source, await ReadFileAsync(file, cancellationToken).ConfigureAwait(false));
        }
        if (JsonMembers.Text(source, "environment_id") is not null) throw FederationLogin.Invalid("credential_source.environment_id is not supported; use awsSecurityCredentials");
        if (JsonMembers.Text(source, "url") is not { Length: > 0 } url) throw FederationLogin.Invalid("credential_source names neither a url nor a file");
        if (url != federation.ExternalTokenEndpoint || !Uri.TryCreate(url, UriKind.Absolute, out var address))
            throw FederationLogin.Invalid("credential_source.url is not the store's externalTokenEndpoint");
        return FederationLogin.TokenIn(source, await http.ReadTextAsync(FederationLogin.CallOf(source, address), cancellationToken).ConfigureAwait(false));
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FederationLogin.Invalid($"{file} cannot be read");
        }
    }

    private async Task<string> ProveAwsAsync(GcpWorkloadIdentityFederation.AwsSecurityCredentialsRef aws, string audience, CancellationToken cancellationToken)
    {
        var reference = aws.AwsCredentialsSecretRef;
        using var secret = await cluster.ReadSecretAsync(reference.Namespace, reference.Name, cancellationToken).ConfigureAwait(false);
        string? Item(string name) => secret.Values.Find(name) is { Length: > 0 } value ? Encoding.UTF8.GetString(value) : null;
        if (Item("aws_access_key_id") is not { } id || Item("aws_secret_access_key") is not { } key)
            throw FederationLogin.Invalid($"Secret {reference.Name} lacks aws_access_key_id or aws_secret_access_key");
        return AwsCallerIdentity.SubjectToken(aws.Region, id, key, Item("aws_session_token"), audience, time.GetUtcNow());
    }
}
