using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// Puts a property into a JSON secret, or takes it out, as github.com/tidwall/sjson does for the original: dots go down, a dot after a backslash belongs to the
/// name, a number is an index where there is a list or nothing, <c>-1</c> is behind the last of a list, and what begins with a colon is a name although it is a
/// number. What else the secret holds stays as it is.
/// </summary>
internal static class JsonEditing
{
    // A list is filled up with nulls to the index that is named; one that nobody means must not fill the memory.
    private const int LongestList = 1000;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a push makes of a secret: the pushed value, or the secret with the value as a property.</summary>
    /// <param name="old">The secret as it is; null when there is none.</param>
    /// <returns>The caller's to zero.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the source has no such key, or what is there is no JSON object, or has a name twice.</exception>
    public static byte[] Merged(byte[]? old, PushRequest request)
    {
        var value = PushedValue.Of(request);
        if (request.Place.Property is not { Length: > 0 } property) return value;
        request.GarbleUnlessText(value);
        try
        {
            var root = old is null ? [] : ObjectOf(old) ?? throw NoObject(request.Place.Key);
            Set(root, Steps(property), Encoding.UTF8.GetString(value), request.Place.Key);
            return old is not null && JsonNode.DeepEquals(root, ObjectOf(old)) ? [.. old] : Bytes(root);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <summary>The secret without a property, and without what is empty for that; the very bytes when it has no such property, null when nothing else is in it.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: a name stands in it twice.</exception>
    public static byte[]? Without(byte[] old, string property)
    {
        if (ObjectOf(old) is not { } root) return [.. old];
        var steps = Steps(property);
        var parents = new List<JsonNode?> { root };
        foreach (var step in steps[..^1]) parents.Add(Child(parents[^1], step));
        if (!Remove(parents[^1], steps[^1])) return [.. old];
        // A push makes what leads to its property; what leads to nothing any more goes too.
        for (var i = parents.Count - 1; i > 0 && parents[i] is (JsonObject { Count: 0 } or JsonArray { Count: 0 }); i--) Remove(parents[i - 1], steps[i - 1]);
        return root.Count == 0 ? null : Bytes(root);
    }

    /// <summary>A JSON object with members given other values, as <see cref="Merged"/> finds them; null when it is none.</summary>
    /// <param name="old">Zeroed.</param>
    /// <returns>The caller's to zero.</returns>
    public static byte[]? With(byte[] old, IEnumerable<(string Property, string Value)> changes)
    {
        var root = ObjectOf(old);
        CryptographicOperations.ZeroMemory(old);
        if (root is null) return null;
        foreach (var (property, value) in changes) Set(root, Steps(property), value, property);
        return Bytes(root);
    }

    /// <summary>Whether two texts are the same JSON; one that is none equals nothing but itself.</summary>
    public static bool AreEqual(string? one, string other)
    {
        if (one is null) return false;
        try
        {
            return JsonNode.DeepEquals(JsonTree.Parse(Encoding.UTF8.GetBytes(one)), JsonTree.Parse(Encoding.UTF8.GetBytes(other)));
        }
        catch (JsonException)
        {
            return string.Equals(one, other, StringComparison.Ordinal);
        }
    }

    private static void Set(JsonObject root, List<Step> steps, string value, string key)
    {
        JsonNode parent = root;
        for (var i = 0; i < steps.Count - 1; i++)
        {
            var child = Child(parent, steps[i]);
            if (child is not (JsonObject or JsonArray)) Put(parent, steps[i], child = steps[i + 1].IsPlace ? new JsonArray() : new JsonObject(), key);
            parent = child;
        }
        Put(parent, steps[^1], value, key);
    }

    private static void Put(JsonNode parent, Step step, JsonNode child, string key)
    {
        if (parent is JsonObject members)
        {
            members[step.Name] = child;
            return;
        }
        var list = (JsonArray)parent;
        if (IndexOf(list, step) is { } index) list[index] = child;
        else if (step.IsPlace && (step.Index ?? list.Count) is var place && place < LongestList)
        {
            while (list.Count < place) list.Add(null);
            list.Add(child);
        }
        else throw new ProviderException(ProviderFailureKind.Invalid, $"property \"{step.Name}\" of secret \"{key}\" is none of the places of the list that is there");
    }

    private static JsonNode? Child(JsonNode? parent, Step step) => parent switch
    {
        JsonObject members => members[step.Name],
        JsonArray list when IndexOf(list, step) is { } index => list[index],
        _ => null,
    };

    private static int? IndexOf(JsonArray list, Step step) => step.Index is { } index && index < list.Count ? index : null;

    private static bool Remove(JsonNode? parent, Step step)
    {
        if (parent is JsonObject members) return members.Remove(step.Name);
        if (parent is not JsonArray list || IndexOf(list, step) is not { } index) return false;
        list.RemoveAt(index);
        return true;
    }

    private static List<Step> Steps(string property)
    {
        var steps = new List<Step>();
        var step = new StringBuilder();
        for (var i = 0; i < property.Length; i++)
        {
            if (property[i] == '\\' && i + 1 < property.Length) step.Append(property[++i]);
            else if (property[i] != '.') step.Append(property[i]);
            else
            {
                steps.Add(Step.Of(step.ToString()));
                step.Clear();
            }
        }
        steps.Add(Step.Of(step.ToString()));
        return steps;
    }

    /// <summary>One part of a path.</summary>
    /// <param name="Index">Null for what is no number, or was said to be none.</param>
    /// <param name="IsPlace">Whether it can be a place of a list.</param>
    private sealed record Step(string Name, int? Index, bool IsPlace)
    {
        public static Step Of(string text)
        {
            if (text is [':', .. { Length: > 0 } name]) return new(name, null, false);
            int? index = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            return new(text, index, index is not null || text == "-1");
        }
    }

    /// <summary>Null for what is none. Of a name that stands twice, those who look for a property take the first and those who extract the last: neither is ours to drop.</summary>
    private static JsonObject? ObjectOf(byte[] text)
    {
        try
        {
            var element = JsonElement.Parse(text);
            return JsonTree.Repeated(element) is { } name
                ? throw new ProviderException(ProviderFailureKind.Invalid, $"the secret that is there holds JSON in which \"{name}\" stands more than once, so it is left alone")
                : JsonTree.Copy(element) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Bytes(JsonObject root)
    {
        using var buffer = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(buffer, Plain)) root.WriteTo(writer);
        return buffer.ToArray();
    }

    private static ProviderException NoObject(string key) => new(ProviderFailureKind.Invalid, $"secret \"{key}\" is there and holds no JSON object, so no property can be put into it");
}
