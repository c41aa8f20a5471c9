using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>
/// The five fields of a resource that the original knows, wherever this version of Passbolt keeps each: in the resource itself, in what describes it, or in its secret.
/// </summary>
internal static class PassboltFields
{
    /// <param name="about">What describes the resource, as JSON.</param>
    /// <param name="secret">Its secret, as JSON, or the password alone.</param>
    /// <param name="isPassword">Which of the two.</param>
    /// <returns>A JSON object in the original's order; the caller's to zero.</returns>
    public static byte[] Json(byte[] about, byte[] secret, bool isPassword)
    {
        using var fields = new SecretValues();
        foreach (var name in (string[])["name", "username", "uri", "description"]) fields.Set(name, Text(about, name));
        if (fields.Find("uri")!.Length == 0) fields.Set("uri", FirstAddress(about));
        if (fields.Find("description")!.Length == 0 && !isPassword) fields.Set("description", Text(secret, "description"));
        fields.Set("password", isPassword ? [.. secret] : Text(secret, "password"));
        using var text = new SecretBuffer();
        var separator = (byte)'{';
        foreach (var name in (string[])["name", "username", "password", "uri", "description"])
        {
            text.Append(separator);
            JsonText.Quote(Encoding.UTF8.GetBytes(name), text);
            text.Append((byte)':');
            JsonText.Quote(fields.Find(name)!, text, escapesHtml: false);
            separator = (byte)',';
        }

        text.Append((byte)'}');
        return text.ToArray();
    }

    /// <summary>A member that is a text, or nothing; the caller's to zero.</summary>
    public static byte[] Text(ReadOnlyMemory<byte> json, string name) => Member(json, name) is { Kind: JsonKind.Text } text ? text.ToText() : [];

    /// <summary>Whether the secrets of this type are a password and nothing else. Types say it by their schema; some servers leave that out.</summary>
    public static bool IsPassword(JsonElement resource)
    {
        var type = JsonMembers.Member(resource, "resource_type");
        // Resources that are older than types are passwords.
        if (type.ValueKind != JsonValueKind.Object) return true;
        var definition = JsonMembers.Member(type, "definition");
        if (definition.ValueKind == JsonValueKind.String) definition = Parsed(definition.GetString()!);
        return JsonMembers.Text(JsonMembers.Member(definition, "secret"), "type") is { } kind ? kind == "string" : JsonMembers.Text(type, "slug") is "password-string" or "v5-password-string";
    }

    private static byte[] FirstAddress(byte[] about)
    {
        if (Member(about, "uris") is not { Kind: JsonKind.Array } addresses) return [];
        return JsonParts.ElementsOf(addresses.Raw).FirstOrDefault() is { Kind: JsonKind.Text } first ? first.ToText() : [];
    }

    private static JsonPiece Member(ReadOnlyMemory<byte> json, string name)
    {
        var document = JsonPiece.Parse(json);
        if (document.Kind != JsonKind.Object) throw new ProviderException(ProviderFailureKind.Invalid, "what was decrypted from Passbolt is no JSON object");
        var written = Encoding.UTF8.GetBytes(name);
        return JsonParts.MembersOf(document.Raw).LastOrDefault(member => member.IsNamed(written)).Value;
    }

    private static JsonElement Parsed(string definition)
    {
        try
        {
            return JsonElement.Parse(definition);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
