using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>External Secrets' own: never fail, errors become nothing or an entry named Error.</summary>
internal static class YamlFunctions
{
    public static GoFunction[] All { get; } = [new("toYaml", "any", ToYaml), new("fromYaml", "string", FromYaml)];

    private static GoString ToYaml(Call call)
    {
        try
        {
            var text = YamlText.Write(call.Budget, call[0]);
            return text.Slice(0, text.Length - 1);
        }
        catch (FunctionException)
        {
            return GoString.Empty;
        }
    }

    private static GoMap FromYaml(Call call)
    {
        try
        {
            return YamlDocumentReader.ToJsonTypes(call.Budget, YamlDocumentReader.Read(call.Budget, call.Text(0))) switch
            {
                GoMap map => map,
                GoNil => GoMap.OfAny(),
                var other => throw new FunctionException($"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {JsonName(other)} into Go value of type map[string]interface {{}}"),
            };
        }
        catch (FunctionException e)
        {
            var map = GoMap.OfAny();
            map.Entries[GoString.Of("Error")] = GoString.Of(e.Message);
            return map;
        }
    }

    private static string JsonName(GoValue value) => value switch
    {
        GoList => "array",
        GoString => "string",
        GoBool => "bool",
        _ => "number",
    };
}
