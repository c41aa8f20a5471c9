using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli;

/// <summary>Strings in JSON that somebody else wrote.</summary>
internal static class JsonText
{
    /// <summary>A string field; <c>null</c> when it is absent, empty, or something else.</summary>
    public static string? Text(this JsonObject? node, string field) =>
        node?[field].AsText() is { Length: > 0 } text ? text : null;

    public static bool True(this JsonObject? node, string field) => node?[field] is JsonValue value && value.TryGetValue<bool>(out var on) && on;

    /// <summary>The strings of a list field.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject? node, string field) =>
        node?[field] is JsonArray list ? [.. list.Select(item => item.AsText()).OfType<string>().Where(text => text.Length > 0)] : [];
}
