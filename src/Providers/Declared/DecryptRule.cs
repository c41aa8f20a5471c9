using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Of an answer that holds a list whose elements have encrypted members (<see cref="CryptoJsText"/>): they are decrypted before anything is looked for in it.</summary>
/// <param name="List">Where the list is: names, with dots between.</param>
/// <param name="Members">Of each element.</param>
/// <param name="With">The variable with the passphrase.</param>
internal sealed record DecryptRule(string List, IReadOnlyList<string> Members, string With)
{
    public static DecryptRule? Read(DefinitionFields step)
    {
        if (step.Object("decrypt") is not { } fields) return null;
        var rule = new DecryptRule(fields.Need("list"), fields.Texts("members"), fields.Need("with"));
        fields.Done();
        return rule;
    }

    /// <returns>The answer's body, decrypted: the caller's to zero. The same as it is where there is no such list.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: a member cannot be decrypted.</exception>
    public byte[] Apply(ReadOnlyMemory<byte> body, Variables variables, string title)
    {
        if (RootOf(body) is not { } root) return body.ToArray();
        JsonNode? list = root;
        foreach (var name in List.Split('.')) list = (list as JsonObject)?[name];
        foreach (var element in (list as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var member in Members) element[member] = Opened(element[member], variables.Need(With)) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"what {title} answers cannot be decrypted: is the passphrase the one that it was encrypted with?");
        }

        using var text = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(text)) root.WriteTo(writer);
        return text.ToArray();
    }

    private static JsonNode? RootOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonTree.Parse(body.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Opened(JsonNode? member, byte[] passphrase)
    {
        if (member?.GetValueKind() != JsonValueKind.String || CryptoJsText.Open(Encoding.UTF8.GetBytes(member.GetValue<string>()), passphrase) is not { } opened) return null;
        var text = Encoding.UTF8.GetString(opened);
        Array.Clear(opened);
        return text;
    }
}
