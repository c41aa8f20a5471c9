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
    private const string NoEngine = "no handler for route";
    private volatile string? lastWrite;

    /// <returns>The answer, also for a 404 by which Vault says that there is nothing; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other failure, with Vault's own reason; also a 404 of another kind.</exception>
    public async Task<VaultAnswer> SendAsync(VaultCall call, string? token, CancellationToken cancellationToken)
    {
        return await meter.MeasureAsync(call.Operation, async () =>
        {
            try
            {
                using var request = RequestFor(call, token);
                using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                Remember(response.Headers);
                if (response.IsSuccessStatusCode) return VaultAnswer.Of(response.TakeBody(), isFound: true);
                return response.StatusCode == HttpStatusCode.NotFound ? Missing(response, call) : throw Failure(response, call);
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
        var request = new HttpRequestMessage(call.Method, wire.AddressOf(call.Path));
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

    private VaultAnswer Missing(HttpResponseMessage response, VaultCall call)
    {
        var answer = VaultAnswer.Of(response.TakeBody(), isFound: false);
        if (answer.SaysMissing) return answer;
        using (answer)
        {
            var reason = (Words(answer.Root, "errors"), Words(answer.Root, "warnings")) switch
            {
                ({ Length: > 0 } errors, _) when errors.StartsWith(NoEngine, StringComparison.Ordinal) => errors + " No engine is mounted there",
                ({ Length: > 0 } errors, _) => errors,
                (_, { Length: > 0 } warnings) => warnings,
                _ => $"its body is {(answer.Root.ValueKind == JsonValueKind.Undefined ? "empty" : "not one of Vault's")}, so a gateway may have answered, and nothing is taken for missing",
            };
            throw HttpFailures.OfAnswer(Asked(call), response, time, reason);
        }
    }

    private static string Asked(VaultCall call) => $"Vault, asked to {call.Method} {Uri.UnescapeDataString(call.Path.Split('?')[0])},";

    private ProviderException Failure(HttpResponseMessage response, VaultCall call)
    {
        var failure = HttpFailures.OfAnswer(Asked(call), response, time, Reason(response.Body()));
        // A replica that has not seen our last write yet, and replication states that a load balancer should not have sent us to, pass.
        return (int)response.StatusCode is PreconditionFailed or >= StandbyOrSealed ? new(ProviderFailureKind.Unavailable, failure.Message) { RetryAfter = failure.RetryAfter } : failure;
    }

    private static string Reason(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Words(document.RootElement, "errors");
        }
        catch (JsonException)
        {
            return "";
        }
    }

    // Vault's own words only ({"errors": [...]}): a body that it did not write is not repeated.
    private static string Words(JsonElement root, string member)
    {
        if (JsonMembers.Member(root, member) is not { ValueKind: JsonValueKind.Array } list) return "";
        var words = string.Join("; ", list.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!.ReplaceLineEndings(" ").Trim()));
        return words.Length <= LongestReason ? words : words[..LongestReason] + "…";
    }
}
