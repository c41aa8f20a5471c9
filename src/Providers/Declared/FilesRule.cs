using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Of an answer with a list, some of whose elements are files that lie elsewhere: each is fetched, and stands in its element before anything is looked for in it.</summary>
/// <param name="List">Where the list is: names, with dots between.</param>
/// <param name="Where">The member that such an element has: a number that is not zero, or a text that is not empty.</param>
/// <param name="Into">The member that becomes the file's text.</param>
/// <param name="Bytes">The member that becomes its bytes in base64, where they are no text.</param>
/// <param name="Step">Asks for one; an element's members are known as <c>item.NAME</c>.</param>
internal sealed record FilesRule(string List, string Where, string Into, string Bytes, StepRule Step)
{
    private static readonly UTF8Encoding Strict = new(false, true);

    public static FilesRule? Read(DefinitionFields step)
    {
        if (step.Object("files") is not { } fields) return null;
        var (list, where, into, bytes) = (fields.Need("list"), fields.Need("where"), fields.Need("into"), fields.Need("bytes"));
        return new FilesRule(list, where, into, bytes, StepReader.Read(fields, "GetFile"));
    }

    /// <param name="fetch">Asks; null where there is no such file any longer.</param>
    /// <returns>The answer's body with its files, the caller's to zero; null where it has none.</returns>
    public async Task<byte[]?> ApplyAsync(ReadOnlyMemory<byte> body, Variables variables, Func<Variables, Task<DeclaredAnswer?>> fetch)
    {
        if (RootOf(body) is not { } root) return null;
        JsonNode? list = root;
        foreach (var name in List.Split('.')) list = (list as JsonObject)?[name];
        var files = (list as JsonArray ?? []).OfType<JsonObject>().Where(IsFile).ToList();
        foreach (var element in files)
        {
            using var scope = new Variables(variables);
            foreach (var (name, value) in element) scope.Set($"item.{name}", value?.ToString());
            using var answer = await fetch(scope).ConfigureAwait(false);
            if (answer is not null) Put(element, answer.Body.Span);
        }

        if (files.Count == 0) return null;
        using var text = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(text)) root.WriteTo(writer);
        return text.ToArray();
    }

    private bool IsFile(JsonObject element) => element[Where]?.ToString() is { Length: > 0 } text && text is not "0" and not "false";

    private void Put(JsonObject element, ReadOnlySpan<byte> content)
    {
        try
        {
            element[Into] = Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            element.Remove(Into);
            element[Bytes] = Convert.ToBase64String(content);
        }
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
}
