using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using global::Azure;
using global::Azure.Core;
using global::Azure.Core.Pipeline;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// The keys of a vault (https://learn.microsoft.com/rest/api/keyvault/keys), on the pipeline of the vendor's libraries and failing as they do. The one file to replace by
/// <c>Azure.Security.KeyVault.Keys</c>, which cannot be restored (docs/design/0025-azure.md).
/// </summary>
internal sealed partial class KeyVaultKeys(Uri vault, TokenCredential credential, KeyVaultKeys.Options options)
{
    private const string Version = "7.4";
    // In the order in which the original writes them.
    private static readonly string[] Members = ["kid", "kty", "key_ops", "n", "e", "d", "dp", "dq", "qi", "p", "q", "k", "key_hsm", "crv", "x", "y"];
    private readonly HttpPipeline pipeline = HttpPipelineBuilder.Build(options, new Challenges(credential));

    /// <param name="path">Such as <c>keys/app</c>, or with a version.</param>
    public async Task<KeyVaultItem> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(RequestMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(answer.ContentStream!);
        return new(Facts(document.RootElement), JsonWebKey(JsonMembers.Member(document.RootElement, "key")));
    }

    /// <param name="key">Writes the members of the key (JWK).</param>
    public async Task<Response> ImportAsync(string path, Action<Utf8JsonWriter> key, KeyVaultWishes wishes, CancellationToken cancellationToken)
    {
        var body = KeyVaultText.Object(writer =>
        {
            writer.WriteStartObject("key");
            key(writer);
            writer.WriteEndObject();
            writer.WriteStartObject("attributes");
            writer.WriteBoolean("enabled", true);
            if (wishes.Expires is { } end) writer.WriteNumber("exp", end.ToUnixTimeSeconds());
            writer.WriteEndObject();
            writer.WriteStartObject("tags");
            foreach (var (tag, value) in wishes.AllTags) writer.WriteString(tag, value);
            writer.WriteEndObject();
        });
        return await SendAsync(RequestMethod.Put, path, body, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="path">Such as <c>keys/app/VERSION/encrypt</c>.</param>
    /// <returns>The caller's to zero.</returns>
    public async Task<byte[]> UseAsync(string path, string algorithm, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var body = KeyVaultText.Object(writer =>
        {
            writer.WriteString("alg", algorithm);
            KeyVaultText.WriteBase64Url(writer, "value", value.Span);
        });
        using var answer = await SendAsync(RequestMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(answer.ContentStream!);
        var found = KeyVaultText.Bytes(JsonMembers.Member(document.RootElement, "value"));
        try
        {
            return Base64Url.DecodeFromUtf8(found ?? throw KeyVaultClient.NoVault());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(found);
        }
    }

    public async Task<KeyVaultFacts> ReadDeletedAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(RequestMethod.Get, "deleted" + path, null, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(answer.ContentStream!);
        return Facts(document.RootElement);
    }

    /// <param name="body">Zeroed once sent.</param>
    public async Task<Response> SendAsync(RequestMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = pipeline.CreateRequest();
        request.Method = method;
        request.Uri.Reset(new Uri(vault, $"/{path}?api-version={Version}"));
        request.Headers.Add(HttpHeader.Common.JsonAccept);
        request.Headers.Add(HttpHeader.Common.JsonContentType);
        if (body is not null) request.Content = RequestContent.Create((ReadOnlyMemory<byte>)body);
        try
        {
            var answer = await pipeline.SendRequestAsync(request, cancellationToken).ConfigureAwait(false);
            return answer.IsError ? throw new RequestFailedException(answer) : answer;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static byte[] JsonWebKey(JsonElement key) => KeyVaultText.Object(writer =>
    {
        if (key.ValueKind != JsonValueKind.Object) throw KeyVaultClient.NoVault();
        foreach (var name in Members)
        {
            if (JsonMembers.Member(key, name) is not { ValueKind: not JsonValueKind.Undefined } member) continue;
            writer.WritePropertyName(name);
            member.WriteTo(writer);
        }
    });

    private static KeyVaultFacts Facts(JsonElement item)
    {
        var attributes = JsonMembers.Member(item, "attributes");
        var tags = JsonMembers.Member(item, "tags") is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject().Where(tag => tag.Value.ValueKind == JsonValueKind.String) : [];
        return new(tags.ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!, StringComparer.Ordinal)) { Expires = Time("exp"), Created = Time("created"), Updated = Time("updated"), NotBefore = Time("nbf") };

        DateTimeOffset? Time(string name) => JsonMembers.Member(attributes, name) is { ValueKind: JsonValueKind.Number } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds.GetInt64()) : null;
    }

    /// <summary>Of the pipeline.</summary>
    public sealed class Options : ClientOptions;

    /// <summary>
    /// Goes by what a vault says when it wants a token, or another: <c>Bearer authorization="https://login…/TENANT", resource="https://vault.azure.net"</c>
    /// (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses). Where to log in is never taken from it.
    /// </summary>
    private sealed partial class Challenges(TokenCredential credential) : BearerTokenAuthenticationPolicy(credential, Array.Empty<string>())
    {
        private string? scope;

        protected override ValueTask AuthorizeRequestAsync(HttpMessage message)
        {
            if (scope is not null) return AuthenticateAndAuthorizeRequestAsync(message, new TokenRequestContext([scope]));
            // Nothing secret is said before the vault has proven to be one by its challenge.
            if (message.Request.Content is { } content) message.SetProperty(typeof(Challenges), content);
            message.Request.Content = null;
            return default;
        }

        protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
        {
            message.Response.Headers.TryGetValues("WWW-Authenticate", out var values);
            // As written: header parsers disagree on commas in what is a list of challenges and of parameters at once.
            var text = values?.FirstOrDefault(value => value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) ?? "";
            var parameters = Parameter().Matches(text).GroupBy(match => match.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => group.Key, group => group.First().Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
            var asked = parameters.TryGetValue("resource", out var resource) ? resource.TrimEnd('/') + "/.default" : parameters.GetValueOrDefault("scope", scope!);
            if (asked is null) return false;
            if (message.TryGetProperty(typeof(Challenges), out var content)) message.Request.Content = (RequestContent)content!;
            var claims = parameters.TryGetValue("claims", out var encoded) ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : null;
            await AuthenticateAndAuthorizeRequestAsync(message, new TokenRequestContext([asked], claims: claims)).ConfigureAwait(false);
            // Not before there was a token for it: what a gateway asks for once would be asked for ever.
            scope = asked;
            return true;
        }

        [GeneratedRegex("""(?<name>[A-Za-z_]+)="(?<value>[^"]*)"|(?<name>[A-Za-z_]+)=(?<value>[^",\s]+)""")]
        private static partial Regex Parameter();
    }
}
