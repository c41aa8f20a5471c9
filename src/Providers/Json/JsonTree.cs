using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// JSON of others as a tree that can be changed. <see cref="JsonNode"/> by itself reads an object with a name twice, and fails with another exception than that of bad JSON when somebody looks
/// into it; here the last counts, as for Go's decoder.
/// </summary>
internal static class JsonTree
{
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> text) => Of(JsonElement.Parse(text));

    /// <param name="element">May be of a document that is disposed later.</param>
    /// <exception cref="JsonException">A name in it is no text.</exception>
    public static JsonNode? Copy(JsonElement element) => Of(element.Clone());

    /// <summary>A name that an object, however deep, has more than once; null when there is none.</summary>
    public static string? Repeated(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select(Repeated).FirstOrDefault(name => name is not null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        return element.EnumerateObject().Select(member => names.Add(NameOf(member)) ? Repeated(member.Value) : NameOf(member)).FirstOrDefault(name => name is not null);
    }

    private static JsonNode? Of(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) return new JsonArray([.. element.EnumerateArray().Select(Of)]);
        if (element.ValueKind != JsonValueKind.Object) return JsonValue.Create(element);
        var members = new JsonObject();
        foreach (var member in element.EnumerateObject()) members[NameOf(member)] = Of(member.Value);
        return members;
    }

    /// <exception cref="JsonException">Half of a surrogate pair, which is JSON by its grammar and no text.</exception>
    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException failure)
        {
            throw new JsonException("a name is no text", failure);
        }
    }
}
