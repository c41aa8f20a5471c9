using System.Net;
using System.Text.Json;
using global::Azure;
using global::Azure.Core;
using global::Azure.Security.KeyVault.Secrets;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>One vault by the vendor's libraries: each call is counted, its failure told in the vault's own words, and a token that was refused is replaced once.</summary>
/// <param name="http">Carries the calls; its own, as is the credential.</param>
/// <param name="resource">What tokens are for; null where only the vault can say.</param>
internal sealed class KeyVaultClient(HttpClient http, Uri vault, AzureCredential credential, string? resource, CallMeter meter, TimeProvider time) : IDisposable
{
    private const int LongestReason = 300;
    private const int MostPages = 4_000;
    private static readonly string[] Missing = ["SecretNotFound", "CertificateNotFound", "KeyNotFound"];
    private static readonly string[] Deleted = ["ObjectIsDeletedButRecoverable"];
    private KeyVaultLibraries libraries = new(http, vault, credential, resource);

    public static ProviderException NoVault() => new(ProviderFailureKind.Invalid, "the answer is not one of Azure Key Vault: is spec.provider.azurekv.vaultUrl right?");

    /// <summary>One object; with a version, that one. Null where there is none; the caller's to dispose.</summary>
    public Task<KeyVaultItem?> ReadAsync(KeyVaultName name, string? version, CancellationToken cancellationToken)
        => CallAsync("Get" + name.Noun, name.Path(version), Missing, used => used.ReadAsync(name, version, cancellationToken));

    /// <returns>False where a deleted object holds the name.</returns>
    public async Task<bool> WriteAsync(KeyVaultName name, IKeyVaultContent content, KeyVaultWishes wishes, KeyVaultFacts? existing, CancellationToken cancellationToken)
        => await CallAsync(content.Operation, name.Path(), Deleted, used => content.WriteAsync(used, name.Name, wishes, existing, cancellationToken)).ConfigureAwait(false) is not null;

    /// <summary>Fine when it is gone.</summary>
    public Task DeleteAsync(KeyVaultName name, CancellationToken cancellationToken)
        => CallAsync("Delete" + name.Noun, name.Path(), Missing, used => used.DeleteAsync(name, cancellationToken));

    public Task<KeyVaultFacts?> ReadDeletedAsync(KeyVaultName name, CancellationToken cancellationToken)
        => CallAsync("GetDeleted" + name.Noun, "deleted" + name.Path(), Missing, used => used.ReadDeletedAsync(name, cancellationToken));

    public Task RecoverAsync(KeyVaultName name, CancellationToken cancellationToken)
        => CallAsync("Recover" + name.Noun, "deleted" + name.Path(), Missing, used => used.RecoverAsync(name, cancellationToken));

    /// <summary>What is said about all secrets, without their values, page by page.</summary>
    public async Task ListSecretsAsync(Action<SecretProperties> each, CancellationToken cancellationToken)
    {
        string? next = null;
        for (var number = 0; number < MostPages; number++)
        {
            var page = await CallAsync("GetSecrets", "secrets", [], used => PageAsync(used, next, cancellationToken)).ConfigureAwait(false);
            foreach (var secret in page!.Values) each(secret);
            if ((next = page.ContinuationToken) is null) return;
            // The library would follow it anywhere, with the token.
            if (new Uri(next).GetLeftPart(UriPartial.Authority) != vault.GetLeftPart(UriPartial.Authority)) throw new ProviderException(ProviderFailureKind.Invalid, "the next page of the vault's list is at another address");
        }
        throw new ProviderException(ProviderFailureKind.Invalid, $"the vault's list of secrets has more than {MostPages} pages");
    }

    /// <summary>Gets a token, as a call would.</summary>
    /// <exception cref="ProviderException">The login failed, or the vault asks for something else.</exception>
    public async Task LogInAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (resource is null) await PageAsync(libraries, null, cancellationToken).ConfigureAwait(false);
            else await credential.GetTokenAsync(new TokenRequestContext([resource + "/.default"]), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not (ProviderException or OperationCanceledException))
        {
            // The vault has its say with the first secret.
        }
    }

    /// <summary>Encrypts or decrypts with a key that stays in the vault.</summary>
    /// <param name="path">The key's.</param>
    /// <returns>Null where there is no such key; the caller's to zero.</returns>
    public Task<byte[]?> UseKeyAsync(string operation, string path, string algorithm, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
        => CallAsync(operation, path, Missing, used => used.Keys.UseAsync($"{path}/{operation.ToLowerInvariant()}", algorithm, value, cancellationToken));

    public void Dispose()
    {
        credential.Dispose();
        http.Dispose();
    }

    private static async Task<Page<SecretProperties>> PageAsync(KeyVaultLibraries used, string? next, CancellationToken cancellationToken)
    {
        await foreach (var page in used.Secrets.GetPropertiesOfSecretsAsync(cancellationToken).AsPages(next).ConfigureAwait(false))
        {
            // The library takes whatever object for a page without secrets, which would read as if all were gone.
            using var body = page.Values.Count == 0 ? JsonDocument.Parse(page.GetRawResponse().Content) : null;
            return body is null || JsonMembers.Member(body.RootElement, "value").ValueKind == JsonValueKind.Array ? page : throw NoVault();
        }
        throw NoVault();
    }

    /// <returns>Null for an error with one of these codes.</returns>
    private Task<T?> CallAsync<T>(string operation, string path, string[] absent, Func<KeyVaultLibraries, Task<T>> call) where T : class => meter.MeasureAsync(operation, async () =>
    {
        try
        {
            var used = libraries;
            try
            {
                return (T?)await call(used).ConfigureAwait(false);
            }
            catch (RequestFailedException refused) when (refused.Status == (int)HttpStatusCode.Unauthorized)
            {
                return await call(Renew(used)).ConfigureAwait(false);
            }
        }
        catch (RequestFailedException failure) when (failure.GetRawResponse() is { } answer)
        {
            var (code, reason) = Reason(answer.Content);
            return answer.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Conflict && absent.Contains(code) ? null : throw Failure($"Azure Key Vault, asked to {operation} {path},", answer, reason);
        }
        catch (Exception failure) when (failure is not (ProviderException or OperationCanceledException or ObjectDisposedException))
        {
            // Whatever the library could make nothing of; its words may hold the answer's.
            throw NoVault();
        }
    });

    // Who was refused with a token that another has replaced meanwhile takes that one.
    private KeyVaultLibraries Renew(KeyVaultLibraries refused)
    {
        if (libraries == refused) credential.Forget();
        Interlocked.CompareExchange(ref libraries, new KeyVaultLibraries(http, vault, credential, resource), refused);
        return libraries;
    }

    private ProviderException Failure(string what, Response answer, string reason)
    {
        using var told = new HttpResponseMessage((HttpStatusCode)answer.Status) { RequestMessage = new HttpRequestMessage(HttpMethod.Get, vault) };
        foreach (var header in answer.Headers) told.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return HttpFailures.OfAnswer(what, told, time, reason);
    }

    // {"error": {"code", "message", "innererror": {"code"}}}: the inner code is the finer one. Only the first line is a sentence; the others are ids.
    private static (string Code, string Reason) Reason(BinaryData body)
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
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return ("", "");
        }
    }
}
