using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>One endpoint, with the secrets that its templates may use.</summary>
/// <param name="method">The store's; null means GET for reading and POST for pushing.</param>
/// <param name="callerNamespace">What <c>.remoteRef.namespace</c> is; null where no template names it.</param>
internal sealed class WebhookSource(WebhookClient client, WebhookProbe probe, HttpMethod? method, string? callerNamespace, IReadOnlyList<(string Name, ClusterSecret Secret)> secrets) : IPush, IValidate
{
    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, reference.Version, FetchMetadata: false, reference.Property);

    public IEnumerable<string> Unused(RemoteReference reference)
    {
        if (reference.Version is not null && !client.Mentions("version")) yield return "version";
        if (reference.Property is not null && !client.Mentions("property")) yield return "property";
    }

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        using var data = DataOf(request);
        // Before the call: a path that is none needs no call.
        var path = client.JsonPath(data, cancellationToken);
        var body = await client.SendAsync(method ?? HttpMethod.Get, data, null, withBody: true, cancellationToken).ConfigureAwait(false);
        return body is null ? null : new WebhookSecret(request.Key, body, path);
    }

    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (request.Place.Key.Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "remote key must be defined");
        request.LeaveProperty();
        request.LeaveMetadata();
        var value = PushedValue.Of(request);
        using var data = DataOf(request.Place);
        if (!string.IsNullOrEmpty(request.SecretKey)) data.Add("secretKey", request.SecretKey);
        data.Add(request.Place.Key, value);
        var answer = await client.SendAsync(method ?? HttpMethod.Post, data, [.. value], withBody: true, cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, "endpoint gave error 404 NotFound to the push");
        CryptographicOperations.ZeroMemory(answer);
    }

    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var data = DataOf(place);
        var answer = await client.SendAsync(HttpMethod.Delete, data, null, withBody: false, cancellationToken).ConfigureAwait(false);
        if (answer is not null) CryptographicOperations.ZeroMemory(answer);
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var data = DataOf(new RemoteRequest(place.Key, null, FetchMetadata: false));
        // So that a store that is only pushed to, whose URL knows only this name, asks for the right thing.
        data.Add("remoteKey", place.Key);
        // Never the store's own method and body: those write, when the store is one that is pushed to.
        try
        {
            var answer = await client.SendAsync(HttpMethod.Get, data, null, withBody: false, cancellationToken).ConfigureAwait(false);
            if (answer is not null) CryptographicOperations.ZeroMemory(answer);
            return answer is not null;
        }
        catch (ProviderException failure) when (failure.Kind == ProviderFailureKind.Invalid)
        {
            throw new ProviderException(failure.Kind, $"{failure.Message} to GET, which asks whether the value is there: updatePolicy IfNotExists needs an endpoint that answers it", failure);
        }
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => probe.ValidateAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        foreach (var (_, secret) in secrets) secret.Dispose();
        return default;
    }

    private WebhookData DataOf(RemoteRequest request)
    {
        var data = new WebhookData(secrets);
        data.Add("key", request.Key);
        data.Add("version", request.Version);
        data.Add("property", request.Property);
        if (callerNamespace is not null) data.AddVerbatim("namespace", callerNamespace);
        return data;
    }

    private WebhookData DataOf(RemotePlace place)
    {
        var data = new WebhookData(secrets);
        data.Add("remoteKey", place.Key);
        return data;
    }
}
