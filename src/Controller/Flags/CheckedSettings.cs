using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>Reads settings in YAML field by field, and notes each that is not what it must be. A field that is not known is an error, as a misspelt one would be silence.</summary>
internal abstract class CheckedSettings
{
    /// <summary>Everything that is wrong, one line each.</summary>
    protected List<string> Problems { get; } = [];

    protected Uri? Url(JsonObject map, string at, string key = "url")
    {
        if (Text(map, key, at) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http") return url;
        Problems.Add($"{at}.{key}: not an address");
        return null;
    }

    protected JsonObject Map(JsonNode? node, string at, params ReadOnlySpan<string> known)
    {
        if (node is not JsonObject map)
        {
            Problems.Add($"{at}: expected a map");
            return [];
        }
        foreach (var (key, _) in map)
        {
            if (!known.Contains(key)) Problems.Add($"{at}.{key}: not known");
        }
        return map;
    }

    protected string Required(JsonObject map, string key, string at)
    {
        var text = Text(map, key, at);
        if (string.IsNullOrEmpty(text)) Problems.Add($"{at}.{key}: missing");
        return text ?? "";
    }

    protected string? Text(JsonObject map, string key, string at)
    {
        if (map[key] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.String) return node.GetValue<string>();
        Problems.Add($"{at}.{key}: expected text");
        return null;
    }

    protected List<string>? Texts(JsonObject map, string key, string at)
    {
        if (map[key] is not { } node) return null;
        if (node is JsonArray list && list.All(item => item?.GetValueKind() == JsonValueKind.String)) return [.. list.Select(item => item!.GetValue<string>())];
        Problems.Add($"{at}.{key}: expected a list of texts");
        return null;
    }

    protected int Number(JsonObject map, string key, int standard, int least, int most, string at)
    {
        if (map[key] is not { } node) return standard;
        if (int.TryParse(node.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{at}.{key}: expected a whole number from {least} to {most}"));
        return standard;
    }
}
