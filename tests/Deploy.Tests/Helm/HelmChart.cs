using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>
/// An imitation of <c>helm template</c> for our chart, on our own template engine. What it does not imitate: subcharts,
/// hooks, the order of installation. Values are not checked against the schema here.
/// </summary>
internal sealed partial class HelmChart
{
    /// <summary>The engine has no methods of its own on values, so the three that the chart calls are turned into functions.</summary>
    public const string FileFunction = "chartFile";
    public const string FilesAsConfigFunction = "chartFilesAsConfig";
    public const string HasApiVersionFunction = "hasApiVersion";

    public const string Folder = "deploy/helm/gitopssecrets";

    private readonly string definitions;
    private readonly Dictionary<string, string> templates;
    private readonly Dictionary<string, Template> parsed = new(StringComparer.Ordinal);
    private readonly TemplateOptions options;
    private readonly GoMap root;

    private HelmChart(JsonObject values, string release, string ns, IReadOnlySet<string> apiVersions)
    {
        var files = Repository.Files(Folder + "/templates", "*").ToDictionary(file => Path.GetFileName(file)!, file => WithoutMethods(Repository.Read(file)));
        definitions = string.Concat(files.Where(file => file.Key.StartsWith('_')).Select(file => file.Value));
        templates = files.Where(file => !file.Key.StartsWith('_')).ToDictionary(file => file.Key, file => file.Value);
        options = new TemplateOptions
        {
            MissingKey = MissingKey.Zero,
            Functions = TemplateFunctions.ExternalSecrets.With(HelmFunctions.All(new HelmFiles(Folder), apiVersions, Include, Render)),
        };
        root = GoValues.MapOf(
            ("Values", GoValues.OfMap(values)),
            ("Chart", GoValues.OfMap(Capitalised(Yaml("Chart.yaml")))),
            ("Release", GoValues.MapOf(("Name", GoString.Of(release)), ("Namespace", GoString.Of(ns)), ("Service", GoString.Of("Helm")))));
    }

    public static JsonObject DefaultValues() => Yaml("values.yaml");

    /// <param name="values">As in a file given with <c>--values</c>.</param>
    public static ManifestSet Template(string values = "", string release = "sealed-secrets", string ns = "kube-system", params string[] apiVersions)
    {
        var chart = Make(values, release, ns, apiVersions);
        var rendered = new StringBuilder();
        foreach (var name in chart.templates.Keys.Where(name => name != "NOTES.txt").Order(StringComparer.Ordinal)) rendered.Append("\n---\n").Append(chart.Print(name));
        return ManifestSet.Parse(rendered.ToString());
    }

    public static string Notes(string values = "", string release = "sealed-secrets", string ns = "kube-system") =>
        Make(values, release, ns, []).Print("NOTES.txt");

    public static JsonObject Merged(string values)
    {
        var merged = DefaultValues();
        if (YamlReader.Read(values) is JsonObject given) Merge(merged, given);
        return merged;
    }

    private static HelmChart Make(string values, string release, string ns, string[] apiVersions) =>
        new(Merged(values), release, ns, apiVersions.Append("policy/v1").ToHashSet(StringComparer.Ordinal));

    private static JsonObject Yaml(string file) => (JsonObject)YamlReader.Read(Repository.Read($"{Folder}/{file}"))!;

    private static JsonObject Capitalised(JsonObject chart) =>
        new(chart.Select(entry => KeyValuePair.Create(char.ToUpperInvariant(entry.Key[0]) + entry.Key[1..], entry.Value?.DeepClone())));

    /// <summary>Maps are merged, everything else is replaced, <c>null</c> takes the default away.</summary>
    private static void Merge(JsonObject into, JsonObject given)
    {
        foreach (var (key, value) in given)
        {
            if (value is null) into.Remove(key);
            else if (value is JsonObject map && into[key] is JsonObject present) Merge(present, map);
            else into[key] = value.DeepClone();
        }
    }

    private static string WithoutMethods(string template)
    {
        template = FileGet().Replace(template, FileFunction + " ");
        template = FilesAsConfig().Replace(template, $"({FilesAsConfigFunction} $1)");
        return HasApiVersion().Replace(template, HasApiVersionFunction + " ");
    }

    private string Print(string name) => Run(name, templates[name], root).ToText();

    private GoString Include(string name, GoValue data) => Run("include " + name, $$$"""{{ template "{{{name}}}" . }}""", data);

    private GoString Render(string text, GoValue data) => Run("tpl " + text, text, data);

    private GoString Run(string key, string text, GoValue data)
    {
        if (!parsed.TryGetValue(key, out var template)) parsed[key] = template = GoTemplate.Template.Parse(key, definitions + text, options);
        var output = template.Execute(data, new ExecuteOptions(), TestContext.Current.CancellationToken);
        return GoString.Of(Encoding.UTF8.GetString(output).Replace("<no value>", "", StringComparison.Ordinal)); // so does Helm
    }

    [GeneratedRegex(@"\.Files\.Get ")]
    private static partial Regex FileGet();

    [GeneratedRegex("""\(\.Files\.Glob ("[^"]*")\)\.AsConfig""")]
    private static partial Regex FilesAsConfig();

    [GeneratedRegex(@"\.Capabilities\.APIVersions\.Has ")]
    private static partial Regex HasApiVersion();
}
