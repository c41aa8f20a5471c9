using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>The key of a service account, from its JSON file.</summary>
internal sealed class GoogleKey : IDisposable
{
    public const string Type = "service_account";
    private const string UsualTokenAddress = "https://oauth2.googleapis.com/token";

    private GoogleKey(string email, string? id, Uri tokenAddress, RSA rsa) => (Email, Id, TokenAddress, Rsa) = (email, id, tokenAddress, rsa);

    public string Email { get; }

    /// <summary>Google's name of the key; null where the file has none.</summary>
    public string? Id { get; }

    /// <summary>Where it is shown.</summary>
    public Uri TokenAddress { get; }

    public RSA Rsa { get; }

    /// <exception cref="ProviderException">It is no key file of a service account.</exception>
    public static GoogleKey Parse(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            throw Foreign();
        }
    }

    /// <exception cref="ProviderException">It is no key file of a service account.</exception>
    public static GoogleKey Of(JsonElement file)
    {
        if (JsonMembers.Text(file, "type") != Type) throw Foreign();
        if (JsonMembers.Text(file, "client_email") is not { Length: > 0 } email) throw Invalid("lacks client_email");
        if (JsonMembers.Text(file, "universe_domain") is { } universe && universe != "googleapis.com")
            throw new ProviderException(ProviderFailureKind.Invalid, $"the key file is of the universe {universe}; only googleapis.com is supported");
        if (!Uri.TryCreate(JsonMembers.Text(file, "token_uri") ?? UsualTokenAddress, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            throw new ProviderException(ProviderFailureKind.Invalid, "token_uri in the key file of the Google service account is no address");
        return new GoogleKey(email, JsonMembers.Text(file, "private_key_id"), address, Import(JsonMembers.Text(file, "private_key") ?? ""));
    }

    /// <summary>A JWT that the key signs: RS256, as Google takes them.</summary>
    public string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = Id };
        var text = Base64Url.EncodeToString(GoogleJson.Bytes(header)) + "." + Base64Url.EncodeToString(GoogleJson.Bytes(claims));
        return text + "." + Base64Url.EncodeToString(Rsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public void Dispose() => Rsa.Dispose();

    private static RSA Import(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            throw new ProviderException(ProviderFailureKind.Invalid, "private_key in the key file of the Google service account is no RSA key in PEM");
        }
    }

    private static ProviderException Foreign() => new(ProviderFailureKind.Invalid, "the credential is not the JSON key file of a Google service account");

    private static ProviderException Invalid(string problem) => new(ProviderFailureKind.Invalid, $"the key file of the Google service account {problem}");
}
