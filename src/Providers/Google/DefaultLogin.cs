using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Application default credentials (https://cloud.google.com/docs/authentication/application-default-credentials): a file that a variable names, what
/// gcloud left in the user's folder, else the identity of the machine. Files may be of any type but those that run programs.
/// </summary>
internal sealed class DefaultLogin(GoogleSurroundings surroundings, MetadataServer metadata, GoogleHttp http, TokenExchange exchange, TimeProvider time) : IGoogleLogin
{
    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var file = surroundings.KeyFiles.FirstOrDefault();
        if (file is null) return await metadata.LogInAsync(cancellationToken).ConfigureAwait(false);
        var bytes = await ReadAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            using var key = JsonDocument.Parse(bytes);
            return await LogInAsync(key.RootElement, file, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{file} is not JSON");
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private Task<GoogleToken> LogInAsync(JsonElement key, string file, CancellationToken cancellationToken) => JsonMembers.Text(key, "type") switch
    {
        ServiceAccountLogin.KeyType => new ServiceAccountLogin(exchange, time, _ => Task.FromResult(System.Text.Encoding.UTF8.GetBytes(key.GetRawText()))).LogInAsync(cancellationToken),
        FederationLogin.KeyType => FederationLogin.Of(exchange, key, null, ReadSourceAsync).LogInAsync(cancellationToken),
        "authorized_user" => RefreshAsync(key, cancellationToken),
        "impersonated_service_account" => ImpersonateAsync(key, file, cancellationToken),
        var type => throw new ProviderException(ProviderFailureKind.Invalid, $"{file}: credentials of the type \"{type}\" are not supported"),
    };

    private Task<GoogleToken> RefreshAsync(JsonElement key, CancellationToken cancellationToken)
    {
        string Field(string name) => JsonMembers.Text(key, name) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"the credentials of gcloud lack {name}");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = Field("client_id"),
            ["client_secret"] = Field("client_secret"),
            ["refresh_token"] = Field("refresh_token"),
        };
        return exchange.PostFormAsync(surroundings.UserTokens, fields, "GenerateAccessToken", null, cancellationToken);
    }

    private async Task<GoogleToken> ImpersonateAsync(JsonElement key, string file, CancellationToken cancellationToken)
    {
        var url = JsonMembers.Text(key, "service_account_impersonation_url") ?? "";
        var account = url.Split("/serviceAccounts/") is [_, var rest] ? rest.Split(':')[0] : throw new ProviderException(ProviderFailureKind.Invalid, $"{file}: service_account_impersonation_url names no service account");
        var source = JsonMembers.Member(key, "source_credentials");
        if (JsonMembers.Text(source, "type") == "impersonated_service_account") throw new ProviderException(ProviderFailureKind.Invalid, $"{file}: source_credentials are impersonated themselves");
        var token = await LogInAsync(source, file, cancellationToken).ConfigureAwait(false);
        return await exchange.ImpersonateAsync(account, token.Value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The operator's own file, so that it may name files and addresses.</summary>
    private async Task<string> ReadSourceAsync(JsonElement source, CancellationToken cancellationToken)
    {
        if (JsonMembers.Text(source, "file") is { Length: > 0 } path)
            return FederationLogin.TokenIn(source, System.Text.Encoding.UTF8.GetString(await ReadAsync(path, cancellationToken).ConfigureAwait(false)));
        if (JsonMembers.Text(source, "url") is { Length: > 0 } url && JsonMembers.Text(source, "environment_id") is null && Uri.TryCreate(url, UriKind.Absolute, out var address))
            return FederationLogin.TokenIn(source, await http.ReadTextAsync(FederationLogin.CallOf(source, address), cancellationToken).ConfigureAwait(false));
        throw FederationLogin.Invalid("of credential_source, file and url are supported");
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{path} cannot be read ({failure.GetType().Name})");
        }
    }
}
