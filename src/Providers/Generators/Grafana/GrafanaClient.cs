using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>Speaks the part of Grafana's HTTP API that service accounts need.</summary>
internal sealed class GrafanaClient : IDisposable
{
    private const int PageSize = 1000;
    private const int MostPages = 100;
    private readonly TokenService service;
    private readonly Uri server;

    private GrafanaClient(TokenService service, string url)
    {
        this.service = service;
        server = new Uri(url.TrimEnd('/') + "/api/");
    }

    /// <summary>With the credentials that the spec names, of the namespace of whoever wants the values.</summary>
    public static async Task<GrafanaClient> OpenAsync(GeneratorRequest request, GrafanaSpec spec, CancellationToken cancellationToken)
    {
        var selector = spec.Auth.Token ?? spec.Auth.Basic!.Password;
        var secret = await TokenService.CredentialAsync(request, selector.Name, selector.Key, cancellationToken).ConfigureAwait(false);
        var login = spec.Auth.Token is null
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{spec.Auth.Basic!.Username}:{secret}")))
            : new AuthenticationHeaderValue("Bearer", secret);
        return new GrafanaClient(new TokenService(request, "Grafana", headers => headers.Authorization = login), spec.Url);
    }

    /// <summary>Null where there is none of exactly this name: the search finds parts of names too.</summary>
    public async Task<GrafanaAccount?> FindAccountAsync(string name, CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"serviceaccounts/search?query={Uri.EscapeDataString(name)}&perpage={PageSize}&page={page}");
            var body = await SendAsync(HttpMethod.Get, path, null, "SearchServiceAccounts", cancellationToken).ConfigureAwait(false);
            using var accounts = FoundValue.In(body, "serviceAccounts");
            if (accounts is not { IsList: true }) throw service.Lacks("serviceAccounts");
            var elements = JsonParts.ElementsOf(accounts.Piece.Raw);
            foreach (var element in elements)
            {
                using var found = FoundValue.In(element.Raw, "name");
                if (found?.Text == name) return new GrafanaAccount(service.Number(element.Raw, "id"), service.Text(element.Raw, "login"), FoundValue.TextIn(element.Raw, "role"));
            }

            if (elements.Count < PageSize) return null;
        }

        throw new ProviderException(ProviderFailureKind.Invalid, $"Grafana has more service accounts with \"{name}\" in their names than can be looked through");
    }

    public async Task<GrafanaAccount> CreateAccountAsync(string name, string role, CancellationToken cancellationToken)
    {
        var body = await SendAsync(HttpMethod.Post, "serviceaccounts", new JsonObject { ["name"] = name, ["role"] = role }, "CreateServiceAccount", cancellationToken).ConfigureAwait(false);
        return new GrafanaAccount(service.Number(body, "id"), service.Text(body, "login"), role);
    }

    public async Task<GrafanaToken> CreateTokenAsync(long account, string name, long? seconds, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject { ["name"] = name };
        if (seconds is { } life) wanted["secondsToLive"] = life;
        var body = await SendAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"serviceaccounts/{account}/tokens"), wanted, "CreateToken", cancellationToken).ConfigureAwait(false);
        try
        {
            using var key = FoundValue.In(body, "key");
            return new GrafanaToken(service.Number(body, "id"), key is null or { IsNull: true } ? throw service.Lacks("key") : key.ToBytes());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>Fine when the token, or its account, is gone.</summary>
    public Task DeleteTokenAsync(long account, long token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"serviceaccounts/{account}/tokens/{token}"), null, "DeleteToken", cancellationToken);

    public void Dispose() => service.Dispose();

    private Task<byte[]> SendAsync(HttpMethod method, string path, JsonObject? content, string operation, CancellationToken cancellationToken) =>
        service.SendAsync(method, new Uri(server, path), content, operation, cancellationToken);
}
