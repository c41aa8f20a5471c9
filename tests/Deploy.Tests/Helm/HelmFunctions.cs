using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>The functions that Helm adds to those of Sprig.</summary>
internal static class HelmFunctions
{
    /// <param name="include">Name of a template and its data → what it prints.</param>
    /// <param name="tpl">A template's text and its data → what it prints.</param>
    public static IReadOnlyList<GoFunction> All(
        HelmFiles files, IReadOnlySet<string> apiVersions, Func<string, GoValue, GoString> include, Func<string, GoValue, GoString> tpl) =>
    [
        new("toYaml", "any", call => GoValues.ToYaml(call[0])),
        new("fromYaml", "string", call => GoValues.Of(YamlReader.Read(call.Text(0).ToText())) is GoMap map ? map : GoMap.OfAny()),
        new("fromYamlArray", "string", call => GoValues.Of(YamlReader.Read(call.Text(0).ToText())) is GoList list ? list : GoList.OfAny([])),
        new("include", "string, any", call => include(call.Text(0).ToText(), call[1])),
        new("tpl", "string, any", call => tpl(call.Text(0).ToText(), call[1])),
        new("required", "string, any", call => call[1] is GoNil or GoString { Length: 0 } ? throw new FunctionException(call.Text(0).ToText()) : call[1]),
        new("lookup", "string, string, string, string", _ => GoMap.OfAny()), // as with `helm template`: there is no cluster
        new(HelmChart.FileFunction, "string", call => GoString.Of(files.Get(call.Text(0).ToText()))),
        new(HelmChart.FilesAsConfigFunction, "string", call => GoValues.ToYaml(GoValues.OfMap(files.AsConfig(call.Text(0).ToText())))),
        new(HelmChart.HasApiVersionFunction, "string", call => GoBool.Of(apiVersions.Contains(call.Text(0).ToText()))),
    ];
}
