using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>AWS as one identity in one region: clients for its services over one HTTP client, which ends with this.</summary>
internal sealed class AwsConnection : IDisposable
{
    private readonly HttpClient http;
    private readonly AwsSurroundings surroundings;
    private readonly string region;
    private readonly RetrySettings? retry;
    private readonly ICallObserver calls;
    private readonly TimeProvider time;

    private AwsConnection(HttpClient http, AwsSurroundings surroundings, string region, RetrySettings? retry, ICallObserver calls, TimeProvider time) =>
        (this.http, this.surroundings, this.region, this.retry, this.calls, this.time) = (http, surroundings, region, retry, calls, time);

    public AwsIdentity Identity { get; private set; } = null!;

    public AwsSecurityTokens Tokens { get; private set; } = null!;

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
        var endpoint = surroundings.EndpointOf(AwsService.SecurityTokens, region);
        var http = clients.Create(new HttpSettings { Authorities = await surroundings.AuthoritiesAsync(cancellationToken).ConfigureAwait(false), Retry = retry });
        var connection = new AwsConnection(http, surroundings, region, retry, calls, time);
        connection.Tokens = new AwsSecurityTokens(http, endpoint, region, connection.MeterOf(AwsService.SecurityTokens), time);
        connection.Identity = new AwsIdentity(login(connection.Tokens, new AwsOwnIdentity(surroundings, http, connection.Tokens, time)), time);
        return connection;
    }

    /// <param name="elsewhere">The region of a service that is in one only; null is the connection's.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the operator's endpoint is no address.</exception>
    public AwsClient ClientOf(AwsService service, string? elsewhere = null)
    {
        var place = elsewhere ?? region;
        return new(http, service, surroundings.EndpointOf(service, place), place, Identity, new AwsPatience(retry, time), MeterOf(service), time);
    }

    /// <summary>Whether the identity can be had; the price is a login, where there is one.</summary>
    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => Identity.ReadAsync(cancellationToken));

    public void Dispose()
    {
        Identity.Dispose();
        http.Dispose();
    }

    private CallMeter MeterOf(AwsService service) => new(calls, service.Label, time);
}
