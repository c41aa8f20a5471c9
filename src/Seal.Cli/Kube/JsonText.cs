using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Kube;

internal static class JsonText
{
    /// <summary>A string field; <c>null</c> when it is absent, empty, or something else.</summary>
    public static string? Text(this JsonObject? node, string field) =>
        node?[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    public static bool True(this JsonObject? node, string field) => node?[field] is JsonValue value && value.TryGetValue<bool>(out var on) && on;

    /// <summary>The strings of a list field.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject? node, string field) =>
        node?[field] is JsonArray list ? [.. list.OfType<JsonValue>().Select(item => item.TryGetValue<string>(out var text) ? text : "").Where(text => text.Length > 0)] : [];
}
