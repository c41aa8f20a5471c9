using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.External.Announcements;
using GitOpsSecrets.Controller.Notifications;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>
/// Settings in a file: YAML (or JSON), the name of a flag and its value. A list stands for a comma list, a map for <c>k=v,k2=v2</c>. The sections
/// <c>notifications</c> and <c>events</c> are for <see cref="NotificationFile"/> and <see cref="SourceFile"/>, which read them from the same file.
/// </summary>
internal static class SettingsFile
{
    private const int MaxBytes = 1 << 20;

    /// <param name="problems">Gets what is wrong with the file as a whole or with a value that no flag could take.</param>
    /// <returns>Name → text, as it would stand on the command line.</returns>
    public static IReadOnlyDictionary<string, string> Read(string path, List<string> problems)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (new FileInfo(path).Length > MaxBytes) problems.Add($"{path}: larger than {MaxBytes} bytes");
            else if (YamlReader.Read(File.ReadAllText(path)) is { } root) Add(settings, root, path, problems);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or YamlFormatException)
        {
            problems.Add($"cannot read {path}: {failure.Message}");
        }
        return settings;
    }

    private static void Add(Dictionary<string, string> settings, JsonNode root, string path, List<string> problems)
    {
        if (root is not JsonObject map)
        {
            problems.Add($"{path}: expected names of flags and their values, as \"log-level: DEBUG\"");
            return;
        }
        foreach (var (name, value) in map)
        {
            if (name == NotificationFile.Section) settings["notifications-file"] = path;
            else if (name == SourceFile.Section) settings["event-sources-file"] = path;
            else if (Text(value) is { } text) settings[name] = text;
            else problems.Add($"{path}: \"{name}\" has no value that a flag could take");
        }
    }

    private static string? Text(JsonNode? value)
    {
        switch (value)
        {
            case JsonArray list:
                return Join(list.Select(Scalar));
            case JsonObject pairs:
                return Join(pairs.Select(pair => Scalar(pair.Value) is { } text ? $"{pair.Key}={text}" : null));
            default:
                return Scalar(value);
        }
    }

    private static string? Join(IEnumerable<string?> parts)
    {
        var list = parts.ToList();
        return list.Contains(null) ? null : string.Join(',', list);
    }

    private static string? Scalar(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        _ => null,
    };
}
