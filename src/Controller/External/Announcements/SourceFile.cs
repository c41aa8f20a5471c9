using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Flags;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Reads the section <c>events</c> of <c>--config</c> or of <c>--event-sources-file</c>.</summary>
internal sealed class SourceFile : CheckedSettings
{
    /// <summary>The key of the file; other keys are somebody else's.</summary>
    public const string Section = "events";

    private const int LongestName = 63;

    private static readonly Uri GoogleCertificates = new("https://www.googleapis.com/oauth2/v3/certs");

    private static readonly (string Key, SourceShape Shape)[] Shapes =
    [
        ("generic", SourceShape.Generic), ("eventBridge", SourceShape.EventBridge), ("eventGrid", SourceShape.EventGrid), ("pubSub", SourceShape.PubSub), ("vault", SourceShape.Vault),
    ];

    /// <param name="path">Of the file.</param>
    /// <param name="problems">Everything that is wrong, one line each, keys that cannot be used included.</param>
    public static IReadOnlyList<SourceOptions> Load(string path, out IReadOnlyList<string> problems)
    {
        try
        {
            var sources = Parse(File.ReadAllText(path), out var wrong);
            problems = [.. wrong, .. sources.SelectMany(source => SharedKeys.ProblemsOf(source.KeyFiles, isSigning: true).Concat(SharedKeys.ProblemsOf(source.TokenFiles, isSigning: false)))];
            return sources;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems = [$"--event-sources-file {path}: cannot be read ({failure.GetType().Name})"];
            return [];
        }
    }

    public static IReadOnlyList<SourceOptions> Parse(string text, out IReadOnlyList<string> problems)
    {
        var file = new SourceFile();
        problems = file.Problems;
        try
        {
            return file.Read(YamlReader.Read(text));
        }
        catch (YamlFormatException failure)
        {
            file.Problems.Add($"{Section}: {failure.Message}");
            return [];
        }
    }

    private List<SourceOptions> Read(JsonNode? root)
    {
        var section = Map((root as JsonObject)?[Section], Section, "sources");
        var sources = (section["sources"] as JsonArray ?? []).Select((item, index) => Source(item, $"events.sources[{index}]")).OfType<SourceOptions>().ToList();
        if (sources.Count == 0) Problems.Add("events.sources: nobody may tell anything");
        foreach (var name in sources.GroupBy(source => source.Name).Where(group => group.Count() > 1)) Problems.Add($"events.sources: two are called {name.Key}");
        return sources;
    }

    private SourceOptions? Source(JsonNode? item, string at)
    {
        var map = Map(item, at, ["name", "namespaces", .. Shapes.Select(shape => shape.Key)]);
        var name = Text(map, "name", at) ?? "";
        if (!IsName(name)) Problems.Add($"{at}.name: expected lower-case letters, digits and hyphens, at most {LongestName}");
        if (Shapes.Where(shape => map.ContainsKey(shape.Key)).ToList() is not [var (key, shape)])
        {
            Problems.Add($"{at}: expected one of {string.Join(", ", Shapes.Select(known => known.Key))}");
            return null;
        }
        var options = new SourceOptions { Name = name, Shape = shape, Namespaces = Texts(map, "namespaces", at) ?? [] };
        return shape == SourceShape.PubSub ? options with { Google = Google(map[key], $"{at}.{key}") } : WithKeys(options, map[key], $"{at}.{key}");
    }

    private SourceOptions WithKeys(SourceOptions options, JsonNode? node, string at)
    {
        var map = Map(node, at, "keyFiles", "tokenFiles");
        var (keys, tokens) = (Texts(map, "keyFiles", at) ?? [], Texts(map, "tokenFiles", at) ?? []);
        if (keys.Count == 0 == (tokens.Count == 0)) Problems.Add($"{at}: expected one of keyFiles, tokenFiles");
        return options with { KeyFiles = keys, TokenFiles = tokens };
    }

    private GoogleCaller Google(JsonNode? node, string at)
    {
        var map = Map(node, at, "audience", "serviceAccount", "certificatesUrl");
        var certificates = Url(map, at, "certificatesUrl") ?? GoogleCertificates;
        if (certificates.Scheme != "https" && !certificates.IsLoopback) Problems.Add($"{at}.certificatesUrl: expected https, as whoever can change the answer decides who is genuine");
        return new GoogleCaller(Required(map, "audience", at), Required(map, "serviceAccount", at), certificates);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
