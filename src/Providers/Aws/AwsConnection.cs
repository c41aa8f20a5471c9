using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws.ParameterStore;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>AWS as one identity in one region: clients for its services over one HTTP client, which ends with this.</summary>
internal sealed class AwsConnection : IDisposable
{
    private readonly HttpClient http;
    private readonly AwsTransport transport;
    private readonly AwsSurroundings surroundings;
    private readonly string region;
    private readonly RetrySettings? retry;
    private readonly ICallObserver calls;
    private readonly TimeProvider time;

    private AwsConnection(HttpClient http, AwsSurroundings surroundings, string region, RetrySettings? retry, ICallObserver calls, TimeProvider time)
    {
        (this.http, this.surroundings, this.region, this.retry, this.calls, this.time) = (http, surroundings, region, retry, calls, time);
        transport = new AwsTransport(http, new AwsClock(time));
        var endpoint = surroundings.EndpointOf(AwsService.SecurityTokens, region);
        Tokens = new(transport.Quiet(new AmazonSecurityTokenServiceConfig(), endpoint, region), new(AwsService.SecurityTokens, endpoint, time), MeterOf(AwsService.SecurityTokens));
    }

    public AwsIdentity Identity { get; private set; } = null!;

    public AwsSecurityTokens Tokens { get; }

    public string Region => region;

    public TimeProvider Time => time;

    /// <summary>For a store.</summary>
    /// <param name="auth">Null is the controller's own identity.</param>
    /// <param name="roles">Assumed one after the other.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is no such region, or what the operator set cannot be used.</exception>
    public static Task<AwsConnection> OpenAsync(StoreContext context, AwsSurroundings surroundings, string region, AwsAuth? auth, IReadOnlyList<AwsRole> roles, CancellationToken cancellationToken) => OpenAsync(
        context.Http, context.Calls, context.Retry, context.Time, surroundings, region,
        (tokens, own) =>
        {
            var login = new AwsLogin(context.Cluster, tokens, own);
            return stop => login.LogInAsync(auth, roles, stop);
        },
        cancellationToken);

    /// <param name="login">From STS and the place's own identity to what obtains credentials.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is no such region, or what the operator set cannot be used.</exception>
    public static async Task<AwsConnection> OpenAsync(
        IProviderHttp clients, ICallObserver calls, RetrySettings? retry, TimeProvider time, AwsSurroundings surroundings, string region,
        Func<AwsSecurityTokens, AwsOwnIdentity, Func<CancellationToken, Task<AwsCredentials>>> login, CancellationToken cancellationToken)
    {
        // Before there is anything to end.
        surroundings.EndpointOf(AwsService.SecurityTokens, region);
        var http = clients.Create(new HttpSettings
        {
            Authorities = await surroundings.AuthoritiesAsync(cancellationToken).ConfigureAwait(false),
            Retry = retry,
            Around = inner => new AwsTransport.Repeatable(inner),
        });
        var connection = new AwsConnection(http, surroundings, region, retry, calls, time);
        connection.Identity = new AwsIdentity(login(connection.Tokens, new AwsOwnIdentity(surroundings, http, connection.Tokens, time)), time);
        return connection;
    }

    /// <summary>Parameter Store.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the operator's endpoint is no address.</exception>
    public AwsClient<ParameterClient.Library> Parameters() => ClientOf(
        AwsService.ParameterStore,
        region,
        endpoint => transport.Quiet(new AmazonSimpleSystemsManagementConfig(), endpoint, region),
        (credentials, settings) => new ParameterClient.Library(credentials, settings));

    /// <summary>A service that speaks JSON, and for which there is no package.</summary>
    /// <param name="elsewhere">The region of a service that is in one only; null is the connection's.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the operator's endpoint is no address.</exception>
    public AwsClient<AwsJsonClient> ClientOf(AwsService service, string? elsewhere = null) => ClientOf(
        service,
        elsewhere ?? region,
        endpoint => transport.Quiet(new AwsJsonClient.Settings(service), endpoint, elsewhere ?? region),
        (credentials, settings) => new AwsJsonClient(credentials, settings));

    /// <summary>Whether the identity can be had; the price is a login, where there is one.</summary>
    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => Identity.ReadAsync(cancellationToken));

    public void Dispose()
    {
        Identity.Dispose();
        http.Dispose();
    }

    private AwsClient<T> ClientOf<T, TSettings>(AwsService service, string place, Func<Uri, TSettings> set, Func<AWSCredentials, TSettings, T> open) where T : AmazonServiceClient
    {
        var endpoint = surroundings.EndpointOf(service, place);
        var settings = set(endpoint);
        return new(credentials => open(credentials, settings), new(service, endpoint, time), Identity, new AwsPatience(retry, time), MeterOf(service));
    }

    private CallMeter MeterOf(AwsService service) => new(calls, service.Label, time);
}
