using System.Text.Json;
using global::Google.Apis.Auth.OAuth2;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Application default credentials (https://cloud.google.com/docs/authentication/application-default-credentials): a file that a variable names, what
/// gcloud left in the user's folder, else the identity of the machine. Files may be of any type but those that run programs.
/// </summary>
internal sealed class DefaultLogin(GoogleSurroundings surroundings, GoogleHttp http, GoogleLibrary library) : IGoogleLogin
{
    private const string Impersonation = "impersonated_service_account";

    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var file = surroundings.KeyFiles.FirstOrDefault();
        if (file is null) return await library.LogInAsync(library.Machine(), cancellationToken).ConfigureAwait(false);
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

    private async Task<GoogleToken> LogInAsync(JsonElement file, string path, CancellationToken cancellationToken)
    {
        var account = JsonMembers.Text(file, "type") == Impersonation ? AccountIn(file, path) : null;
        var source = account is null ? file : JsonMembers.Member(file, "source_credentials");
        var delegates = account is null ? [] : DelegatesIn(file, path);
        var type = JsonMembers.Text(source, "type");
        using var key = type == GoogleKey.Type ? GoogleKey.Of(source) : null;
        var credential = type switch
        {
            GoogleKey.Type => library.ServiceAccount(key!),
            FederationLogin.Type => FederationLogin.Of(library, source, null, ReadSourceAsync).Credential(),
            "authorized_user" => UserIn(source),
            Impersonation => throw new ProviderException(ProviderFailureKind.Invalid, $"{path}: source_credentials are impersonated themselves"),
            _ => throw new ProviderException(ProviderFailureKind.Invalid, $"{path}: credentials of the type \"{type}\" are not supported"),
        };
        if (account is not null) credential = library.Impersonated(credential, account, delegates);
        return await library.LogInAsync(credential, cancellationToken).ConfigureAwait(false);
    }

    private GoogleCredential UserIn(JsonElement file)
    {
        string Field(string name) => JsonMembers.Text(file, name) is { Length: > 0 } text ? text : throw new ProviderException(ProviderFailureKind.Invalid, $"the credentials of gcloud lack {name}");
        return library.User(Field("client_id"), Field("client_secret"), Field("refresh_token"));
    }

    private static string AccountIn(JsonElement file, string path) =>
        (JsonMembers.Text(file, "service_account_impersonation_url") ?? "").Split("/serviceAccounts/") is [_, var rest] && rest.Split(':')[0] is { Length: > 0 } account
            ? account
            : throw new ProviderException(ProviderFailureKind.Invalid, $"{path}: service_account_impersonation_url names no service account");

    /// <summary>In full, as Google wants them; gcloud writes them so, too.</summary>
    private static List<string> DelegatesIn(JsonElement file, string path)
    {
        const string Prefix = "projects/-/serviceAccounts/";
        var given = JsonMembers.Member(file, "delegates");
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return [];
        if (given.ValueKind != JsonValueKind.Array || given.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 }))
            throw new ProviderException(ProviderFailureKind.Invalid, $"{path}: delegates must be a list of service accounts");
        return [.. given.EnumerateArray().Select(item => item.GetString()!).Select(name => name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + name)];
    }

    /// <summary>The operator's own file, so that it may name files and addresses.</summary>
    private async Task<string> ReadSourceAsync(JsonElement source, CancellationToken cancellationToken)
    {
        if (JsonMembers.Text(source, "file") is { Length: > 0 } path)
            return FederationLogin.TokenIn(source, System.Text.Encoding.UTF8.GetString(await ReadAsync(path, cancellationToken).ConfigureAwait(false)));
        if (JsonMembers.Text(source, "environment_id") is not null) throw FederationLogin.Invalid("credential_source.environment_id is not supported; use the store's awsSecurityCredentials");
        if (JsonMembers.Text(source, "url") is { Length: > 0 } url && Uri.TryCreate(url, UriKind.Absolute, out var address))
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
