using System.Text.Json;

namespace GitOpsSecrets.Providers.Json;

/// <summary>Reads members of answers whose shape nobody guarantees.</summary>
public static class JsonMembers
{
    /// <summary>A member that is there and not null; undefined otherwise, also where the parent is no object.</summary>
    public static JsonElement Member(JsonElement parent, string name)
        => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : default;

    /// <summary>A member's text; null where there is no such member, or it is no text. Not for values: nobody could zero it.</summary>
    public static string? Text(JsonElement parent, string name) => Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
