using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// Speaks Vault's HTTP API (https://developer.hashicorp.com/vault/api-docs) to one server; OpenBao's is the same. Knows no token of its own.
/// The one file to replace by a client library.
/// </summary>
internal sealed class VaultClient(HttpClient http, VaultWire wire, CallMeter meter, TimeProvider time) : IDisposable
{
    private const int LongestReason = 300;
    private const int PreconditionFailed = 412;
    private const int StandbyOrSealed = 470;
    private volatile string? lastWrite;

    /// <returns>The answer, also for 404; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other failure, with Vault's own reason.</exception>
    public async Task<VaultAnswer> SendAsync(VaultCall call, string? token, CancellationToken cancellationToken)
    {
        return await meter.MeasureAsync(call.Operation, async () =>
        {
            try
            {
                using var request = RequestFor(call, token);
                using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                Remember(response.Headers);
                if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound) throw Failure(response, call);
                return VaultAnswer.Of(response.TakeBody(), response.IsSuccessStatusCode);
            }
            finally
            {
                if (call.Body is not null) CryptographicOperations.ZeroMemory(call.Body);
            }
        }).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage RequestFor(VaultCall call, string? token)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(wire.Server, "/v1/" + call.Path));
        foreach (var (name, value) in wire.Headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("X-Vault-Request", "true");
        if ((call.Namespace ?? wire.Namespace) is { Length: > 0 } @namespace) request.Headers.TryAddWithoutValidation("X-Vault-Namespace", @namespace);
        if (token is not null) request.Headers.TryAddWithoutValidation("X-Vault-Token", token);
        if (wire.ReadYourWrites && lastWrite is { } index)
        {
            request.Headers.TryAddWithoutValidation("X-Vault-Index", index);
            if (wire.ForwardInconsistent) request.Headers.TryAddWithoutValidation("X-Vault-Inconsistent", "forward-active-node");
        }
        if (call.Body is not null) request.Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    private void Remember(HttpResponseHeaders headers)
    {
        if (wire.ReadYourWrites && headers.TryGetValues("X-Vault-Index", out var values)) lastWrite = values.First();
    }

    private ProviderException Failure(HttpResponseMessage response, VaultCall call)
    {
        var path = Uri.UnescapeDataString(call.Path.Split('?')[0]);
        var failure = HttpFailures.OfAnswer($"Vault, asked to {call.Method} {path},", response, time, Reason(response.Body()));
        // A replica that has not seen our last write yet, and replication states that a load balancer should not have sent us to, pass.
        return (int)response.StatusCode is PreconditionFailed or >= StandbyOrSealed ? new(ProviderFailureKind.Unavailable, failure.Message) { RetryAfter = failure.RetryAfter } : failure;
    }

    // Vault's own words only ({"errors": [...]}): a body that it did not write is not repeated.
    private static string Reason(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (JsonMembers.Member(document.RootElement, "errors") is not { ValueKind: JsonValueKind.Array } errors) return "";
            var reason = string.Join("; ", errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.String).Select(error => error.GetString()!.ReplaceLineEndings(" ").Trim()));
            return reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
