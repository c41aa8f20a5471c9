using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// Speaks the REST API of Azure Key Vault (https://learn.microsoft.com/rest/api/keyvault/) to one vault. Why not the vendor's library:
/// docs/design/0025.
/// </summary>
internal sealed class KeyVaultClient(HttpClient http, Uri vault, AzureTokens tokens, CallMeter meter, TimeProvider time) : IDisposable
{
    private const string Version = "7.4";
    private const int LongestReason = 300;
    private const int MostPages = 4_000;
    private const string DeletedCode = "ObjectIsDeletedButRecoverable";
    private static readonly string[] MissingCodes = ["SecretNotFound", "CertificateNotFound", "KeyNotFound"];

    /// <returns>The answer, also where there is no such object; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other failure, with the vault's own reason.</exception>
    public Task<KeyVaultAnswer> SendAsync(KeyVaultCall call, CancellationToken cancellationToken) => meter.MeasureAsync(call.Operation, async () =>
    {
        try
        {
            using var response = await AuthorizedAsync(call, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return KeyVaultAnswer.Of(response.TakeBody());
            var (code, reason) = Reason(response.Body());
            if (response.StatusCode == HttpStatusCode.NotFound && MissingCodes.Contains(code)) return KeyVaultAnswer.None(KeyVaultState.Missing);
            if (response.StatusCode == HttpStatusCode.Conflict && code == DeletedCode) return KeyVaultAnswer.None(KeyVaultState.Deleted);
            throw HttpFailures.OfAnswer($"Azure Key Vault, asked to {call.Method} {call.Path.Split('?')[0]},", response, time, reason);
        }
        finally
        {
            if (call.Body is not null) CryptographicOperations.ZeroMemory(call.Body);
        }
    });

    /// <summary>One object; with a version, that one.</summary>
    public Task<KeyVaultAnswer> ReadAsync(KeyVaultName name, string? version, CancellationToken cancellationToken)
        => SendAsync(new(HttpMethod.Get, name.Path(version), "Get" + name.Noun), cancellationToken);

    /// <summary>What is said about all secrets, without their values, page by page.</summary>
    public async Task ListSecretsAsync(Action<JsonElement> each, CancellationToken cancellationToken)
    {
        var path = "secrets";
        for (var page = 0; page < MostPages; page++)
        {
            using var answer = await SendAsync(new(HttpMethod.Get, path, "GetSecrets"), cancellationToken).ConfigureAwait(false);
            if (JsonMembers.Member(answer.Root, "value") is not { ValueKind: JsonValueKind.Array } items) throw KeyVaultAnswer.NoVault();
            foreach (var item in items.EnumerateArray()) each(item);
            if (JsonMembers.Text(answer.Root, "nextLink") is not { Length: > 0 } next) return;
            path = Below(next);
        }
        throw new ProviderException(ProviderFailureKind.Invalid, $"the vault's list of secrets has more than {MostPages} pages");
    }

    /// <summary>Gets a token, as a call would.</summary>
    /// <exception cref="ProviderException">The login failed, or the vault asks for something else.</exception>
    public async Task LogInAsync(CancellationToken cancellationToken)
    {
        if (await tokens.FindAsync(cancellationToken).ConfigureAwait(false) is not null) return;
        using var response = await AuthorizedAsync(new(HttpMethod.Get, "secrets?maxresults=1", "GetSecrets"), cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        tokens.Dispose();
        http.Dispose();
    }

    // With the token that there is; where the vault wants another and says which, once more with that.
    private async Task<HttpResponseMessage> AuthorizedAsync(KeyVaultCall call, CancellationToken cancellationToken)
    {
        var token = await tokens.FindAsync(cancellationToken).ConfigureAwait(false);
        var response = await SendAsync(call, token, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized || AzureChallenge.Of(response.Headers) is not { } challenge) return response;
        response.Dispose();
        // A token shown to a host outside the domain that it is for could be used by that host elsewhere.
        if (!AzureCloud.IsWithin(vault.Host, challenge.Resource))
            throw new ProviderException(ProviderFailureKind.Denied, $"{vault.Host} asks for a token for {challenge.Resource}, to whose domain it does not belong: is spec.provider.azurekv.vaultUrl right?");
        await tokens.LearnAsync(token, challenge.Resource, challenge.Claims, cancellationToken).ConfigureAwait(false);
        token = await tokens.FindAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(call, token, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(KeyVaultCall call, AzureToken? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, new Uri(vault, $"/{call.Path}{(call.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version={Version}"));
        request.Headers.Accept.Add(new("application/json"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        // Nothing secret is said before the vault has proven to be one by its challenge.
        if (call.Body is not null) request.Content = new ByteArrayContent(token is null ? [] : call.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private string Below(string link)
    {
        var isOurs = Uri.TryCreate(vault, link, out var next) && next.GetLeftPart(UriPartial.Authority) == vault.GetLeftPart(UriPartial.Authority);
        if (!isOurs) throw new ProviderException(ProviderFailureKind.Invalid, "the next page of the vault's list is at another address");
        var query = next!.Query.TrimStart('?').Split('&').Where(part => part.Length > 0 && !part.StartsWith("api-version=", StringComparison.OrdinalIgnoreCase));
        return string.Join('?', new[] { next.AbsolutePath.TrimStart('/'), string.Join('&', query) }.Where(part => part.Length > 0));
    }

    // {"error": {"code", "message", "innererror": {"code"}}}: the inner code is the finer one. Only the first line is a sentence; the others are ids.
    private static (string Code, string Reason) Reason(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = JsonMembers.Member(document.RootElement, "error");
            var code = JsonMembers.Text(JsonMembers.Member(error, "innererror"), "code") ?? JsonMembers.Text(error, "code") ?? "";
            var sentence = (JsonMembers.Text(error, "message") ?? "").Split(['\r', '\n'])[0].Trim();
            var reason = string.Join(": ", new[] { code, sentence }.Where(part => part.Length > 0));
            return (code, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}
