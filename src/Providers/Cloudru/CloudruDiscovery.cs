using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>Asks Cloud.ru once where its services are, and keeps that for as long as the store is open.</summary>
internal sealed class CloudruDiscovery(HttpClient http, CloudruSurroundings surroundings, CallMeter meter, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private CloudruServers? known;

    /// <exception cref="ProviderException">Cloud.ru does not say.</exception>
    public async Task<CloudruServers> ServersAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return known ??= surroundings is { Iam: { } iam, SecretManager: { } secretManager } ? CloudruServers.Of(iam, secretManager) : await AskAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    // {"endpoints": [{"id": "iam", "address": "iam.api.cloud.ru:443"}, …]}
    private async Task<CloudruServers> AskAsync(CancellationToken cancellationToken) => await meter.MeasureAsync("GetEndpoints", async () =>
    {
        using var response = await http.GetAsync(surroundings.Discovery, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw HttpFailures.OfAnswer("Cloud.ru, asked for its endpoints,", response, time);
        try
        {
            using var document = JsonDocument.Parse(response.Body());
            var endpoints = JsonMembers.Member(document.RootElement, "endpoints") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
            string? AddressOf(string id) => endpoints.Where(endpoint => JsonMembers.Text(endpoint, "id") == id).Select(endpoint => JsonMembers.Text(endpoint, "address")).FirstOrDefault();
            return CloudruServers.Of(AddressOf("iam"), AddressOf("secret-manager"));
        }
        catch (JsonException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, "what answered in the place of Cloud.ru, asked for its endpoints, did not answer with JSON");
        }
    }).ConfigureAwait(false);
}
