using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>Speaks the part of Grafana's HTTP API that service accounts need.</summary>
internal sealed class GrafanaClient : IDisposable
{
    private const int PageSize = 1000;
    private const int MostPages = 100;
    private readonly HttpClient http;
    private readonly Uri server;
    private readonly AuthenticationHeaderValue login;
    private readonly CallMeter meter;
    private readonly TimeProvider time;

    private GrafanaClient(GeneratorRequest request, string url, AuthenticationHeaderValue login)
    {
        http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        server = new Uri(url.TrimEnd('/') + "/api/");
        this.login = login;
        meter = new CallMeter(request.Calls, "Grafana", request.Time);
        time = request.Time;
    }

    /// <summary>With the credentials that the spec names, of the namespace of whoever wants the values.</summary>
    public static async Task<GrafanaClient> OpenAsync(GeneratorRequest request, GrafanaSpec spec, CancellationToken cancellationToken)
    {
        var selector = spec.Auth.Token ?? spec.Auth.Basic!.Password;
        var bytes = await request.Cluster.ReadSecretKeyAsync(request.Namespace, selector.Name!, selector.Key!, cancellationToken).ConfigureAwait(false);
        var secret = Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n');
        CryptographicOperations.ZeroMemory(bytes);
        var login = spec.Auth.Token is null
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{spec.Auth.Basic!.Username}:{secret}")))
            : new AuthenticationHeaderValue("Bearer", secret);
        return new GrafanaClient(request, spec.Url, login);
    }

    /// <summary>Null where there is none of exactly this name: the search finds parts of names too.</summary>
    public async Task<GrafanaAccount?> FindAccountAsync(string name, CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"serviceaccounts/search?query={Uri.EscapeDataString(name)}&perpage={PageSize}&page={page}");
            var body = await SendAsync(HttpMethod.Get, path, null, "SearchServiceAccounts", cancellationToken).ConfigureAwait(false);
            using var accounts = FoundValue.In(body, "serviceAccounts");
            if (accounts is not { IsList: true }) throw Lacks("serviceAccounts");
            var elements = JsonParts.ElementsOf(accounts.Piece.Raw);
            foreach (var element in elements)
            {
                using var found = FoundValue.In(element.Raw, "name");
                if (found?.Text == name) return new GrafanaAccount(Number(element.Raw, "id"), Text(element.Raw, "login"));
            }

            if (elements.Count < PageSize) return null;
        }

        throw new ProviderException(ProviderFailureKind.Invalid, $"Grafana has more service accounts with \"{name}\" in their names than can be looked through");
    }

    public async Task<GrafanaAccount> CreateAccountAsync(string name, string role, CancellationToken cancellationToken)
    {
        var body = await SendAsync(HttpMethod.Post, "serviceaccounts", new JsonObject { ["name"] = name, ["role"] = role }, "CreateServiceAccount", cancellationToken).ConfigureAwait(false);
        return new GrafanaAccount(Number(body, "id"), Text(body, "login"));
    }

    public async Task<GrafanaToken> CreateTokenAsync(long account, string name, long? seconds, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject { ["name"] = name };
        if (seconds is { } life) wanted["secondsToLive"] = life;
        var body = await SendAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"serviceaccounts/{account}/tokens"), wanted, "CreateToken", cancellationToken).ConfigureAwait(false);
        try
        {
            using var key = FoundValue.In(body, "key");
            return new GrafanaToken(Number(body, "id"), key is null or { IsNull: true } ? throw Lacks("key") : key.ToBytes());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>Fine when the token, or its account, is gone.</summary>
    public Task DeleteTokenAsync(long account, long token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"serviceaccounts/{account}/tokens/{token}"), null, "DeleteToken", cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task<byte[]> SendAsync(HttpMethod method, string path, JsonObject? content, string operation, CancellationToken cancellationToken) =>
        await meter.MeasureAsync(operation, async () =>
        {
            using var request = new HttpRequestMessage(method, new Uri(server, path)) { Headers = { Authorization = login } };
            if (content is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(content, GrafanaJson.Default.JsonObject)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            // Only Grafana's own word that it is gone: another server's error page would leave the token alive.
            var isGone = method == HttpMethod.Delete && answer.StatusCode == HttpStatusCode.NotFound && FoundValue.In(answer.Body(), "message") is not null;
            return answer.IsSuccessStatusCode || isGone ? answer.TakeBody() : throw HttpFailures.OfAnswer($"Grafana, asked to {operation},", answer, time);
        }).ConfigureAwait(false);

    private static long Number(ReadOnlyMemory<byte> json, string name)
    {
        using var found = FoundValue.In(json, name);
        return long.TryParse(found?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Lacks(name);
    }

    private static string Text(ReadOnlyMemory<byte> json, string name)
    {
        using var found = FoundValue.In(json, name);
        return found is null or { IsNull: true } ? throw Lacks(name) : found.Text;
    }

    private static ProviderException Lacks(string name) => new(ProviderFailureKind.Invalid, $"the answer of Grafana has no {name}: is spec.url right?");
}
