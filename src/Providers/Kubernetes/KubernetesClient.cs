using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>Speaks the Kubernetes API to one server, of Secrets and of what we may do there, in the words of its REST interface.</summary>
internal sealed class KubernetesClient(HttpClient http, KubernetesConnection connection, CallMeter meter, TimeProvider time) : IDisposable
{
    private const int PageSize = 500;
    private const int MostSecrets = 50_000;
    private const int LongestReason = 300;
    private const int MostFields = 5;

    /// <returns>Null when there is no such Secret.</returns>
    /// <exception cref="ProviderException">The server refused, or did not answer.</exception>
    public async Task<Secret?> FindAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, SecretPath(@namespace, name), null, "GetSecret", cancellationToken).ConfigureAwait(false);
        if (answer is null) return null;
        var secret = Read<Secret>(answer.Body().Span, ApiJson.Compact.Secret);
        return secret.Metadata.Name == name ? secret : throw NoApiServer();
    }

    /// <param name="labels">All of them with these values.</param>
    public async Task<IReadOnlyList<Secret>> ListAsync(string @namespace, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var found = new List<Secret>();
        var selector = labels.Count == 0 ? "" : "&labelSelector=" + Uri.EscapeDataString(string.Join(',', labels.Select(label => $"{label.Key}={label.Value}")));
        string? next = null;
        do
        {
            var path = $"{SecretsPath(@namespace)}?limit={PageSize}{selector}{(next is null ? "" : "&continue=" + Uri.EscapeDataString(next))}";
            using var answer = await SendAsync(HttpMethod.Get, path, null, "ListSecrets", cancellationToken).ConfigureAwait(false)
                ?? throw new ProviderException(ProviderFailureKind.Invalid, $"the API server has no Secrets under namespace {@namespace}");
            var page = Read(answer.Body().Span, KubernetesJson.Default.SecretPage);
            found.AddRange(page.Items ?? []);
            if (found.Count > MostSecrets) throw new ProviderException(ProviderFailureKind.Invalid, $"the search would look at more than {MostSecrets} Secrets: narrow it with find.tags");
            next = page.Metadata?.Continue;
        }
        while (!string.IsNullOrEmpty(next));
        return found;
    }

    public async Task CreateAsync(Secret secret, CancellationToken cancellationToken)
        => (await WriteAsync(HttpMethod.Post, SecretsPath(secret.Metadata.Namespace!), secret, "CreateSecret", cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, $"namespace {secret.Metadata.Namespace} is not there")).Dispose();

    /// <summary>Replaces a Secret, if it is still the one that was read.</summary>
    public async Task UpdateAsync(Secret secret, CancellationToken cancellationToken)
        => (await WriteAsync(HttpMethod.Put, SecretPath(secret.Metadata.Namespace!, secret.Metadata.Name!), secret, "UpdateSecret", cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFailureKind.Conflict, $"Secret {secret.Metadata.Name} was deleted while it was being changed")).Dispose();

    /// <summary>Deletes a Secret, if it is still the one that was read; fine when it is gone.</summary>
    public async Task DeleteAsync(Secret secret, CancellationToken cancellationToken)
    {
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["preconditions"] = new JsonObject { ["uid"] = secret.Metadata.Uid, ["resourceVersion"] = secret.Metadata.ResourceVersion },
        };
        (await SendAsync(HttpMethod.Delete, SecretPath(secret.Metadata.Namespace!, secret.Metadata.Name!), Bytes(options), "DeleteSecret", cancellationToken).ConfigureAwait(false))?.Dispose();
    }

    /// <param name="kind">Such as <c>SelfSubjectRulesReview</c>.</param>
    /// <returns>The review's status.</returns>
    public async Task<JsonObject> ReviewAsync(string kind, JsonObject spec, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = kind, ["spec"] = spec };
        using var answer = await SendAsync(HttpMethod.Post, $"apis/authorization.k8s.io/v1/{kind.ToLowerInvariant()}s", Bytes(body), "Create" + kind, cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, "the server does not review rights: is it an API server of Kubernetes?");
        return Read(answer.Body().Span, KubernetesJson.Default.JsonObject)["status"] as JsonObject ?? [];
    }

    /// <param name="path">Below the server's root.</param>
    /// <param name="anyNotFound">Whether a 404 counts that is not in an API server's words: of an API group that it does not have, it has none.</param>
    /// <returns>The answer, the caller's to dispose; null when the server says that there is nothing.</returns>
    public Task<HttpResponseMessage?> GetAsync(string path, string operation, CancellationToken cancellationToken, bool anyNotFound = false) => SendAsync(HttpMethod.Get, path, null, operation, cancellationToken, anyNotFound);

    public static ProviderException NoApiServer() => new(ProviderFailureKind.Invalid, "the server's answer is not one of a Kubernetes API server: is the address right?");

    public void Dispose()
    {
        http.Dispose();
        connection.Token?.Dispose();
        connection.Certificate?.Dispose();
    }

    private static string SecretsPath(string @namespace) => KubernetesNames.IsNamespace(@namespace)
        ? $"api/v1/namespaces/{@namespace}/secrets"
        : throw new ProviderException(ProviderFailureKind.Invalid, $"\"{@namespace}\" is no name of a namespace");

    private static string SecretPath(string @namespace, string name) => KubernetesNames.IsObject(name)
        ? $"{SecretsPath(@namespace)}/{name}"
        : throw new ProviderException(ProviderFailureKind.Invalid, $"\"{name}\" is no name of a Secret");

    private static byte[] Bytes(Secret secret) => JsonSerializer.SerializeToUtf8Bytes(secret, ApiJson.Compact.Secret);

    private static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Default.JsonObject);

    /// <summary>A refusal names the Secret: the PushSecret's author knows another one.</summary>
    private async Task<HttpResponseMessage?> WriteAsync(HttpMethod method, string path, Secret secret, string operation, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(method, path, Bytes(secret), operation, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException refused) when (refused.Kind == ProviderFailureKind.Invalid)
        {
            throw new ProviderException(refused.Kind, $"Secret {secret.Metadata.Namespace}/{secret.Metadata.Name}: {refused.Message}", refused);
        }
    }

    /// <param name="body">JSON; zeroed once sent.</param>
    /// <returns>The answer, the caller's to dispose; null for 404.</returns>
    private async Task<HttpResponseMessage?> SendAsync(HttpMethod method, string path, byte[]? body, string operation, CancellationToken cancellationToken, bool anyNotFound = false)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(connection.Server, path));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (connection.Token is { } token) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await token.ReadAsync(cancellationToken).ConfigureAwait(false));
            if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            return await meter.MeasureAsync<HttpResponseMessage?>(operation, async () =>
            {
                var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode) return answer;
                using (answer)
                {
                    if (answer.StatusCode != HttpStatusCode.NotFound) throw HttpFailures.OfAnswer("the Kubernetes API server", answer, time, Reason(answer));
                    // Only an API server's own word counts for it, not the page of whatever else answers at this address: that a Secret is deleted can hang on it.
                    return anyNotFound || IsStatus(answer.Body()) ? null : throw NoApiServer();
                }
            }).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static T Read<T>(ReadOnlySpan<byte> body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(body, shape) is { } read) return read;
        }
        catch (JsonException)
        {
            // Said below, without the body.
        }

        throw NoApiServer();
    }

    private static bool IsStatus(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var status = JsonDocument.Parse(body);
            return status.RootElement.ValueKind == JsonValueKind.Object && status.RootElement.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("Status");
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Who may not do what, and what is in the way; reasons of a refused object could quote it, so there only the short one, and the fields.</summary>
    private static string Reason(HttpResponseMessage answer)
    {
        var isAboutRights = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Conflict;
        try
        {
            using var status = JsonDocument.Parse(answer.Body());
            var text = status.RootElement.ValueKind == JsonValueKind.Object && status.RootElement.TryGetProperty(isAboutRights ? "message" : "reason", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : "";
            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity && FieldsOf(status.RootElement) is { Count: > 0 } fields) text += $": {string.Join(", ", fields)} (its words are withheld, as they may quote a value)";
            return text.Length <= LongestReason ? text : text[..LongestReason] + "…";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static List<string> FieldsOf(JsonElement status) =>
        status.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
            ? [.. causes.EnumerateArray()
                .Select(cause => cause.ValueKind == JsonValueKind.Object && cause.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null)
                .OfType<string>().Where(field => field.Length > 0).Distinct(StringComparer.Ordinal).Take(MostFields)]
            : [];
}
