using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.GoTemplate.Yaml;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>
/// The scope KeysAndValues: a rendered template is YAML, a map of texts. Other scalars become texts (floats with 32 bits of
/// precision), null becomes empty, later keys win, a second document is ignored.
/// </summary>
public static class KeysAndValuesText
{
    private const string Failure = "could not unmarshal template to 'map[string][]byte': error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";

    private const string NoYaml =
        "could not unmarshal template to 'map[string][]byte': what it rendered is no YAML; values in it want quoting, as {{ .password | quote }} (the reason is withheld, as it may quote a value)";

    /// <exception cref="TemplateResultException">No YAML, no map, or a value that is a list or map.</exception>
    public static IReadOnlyDictionary<string, byte[]> Parse(ReadOnlySpan<byte> rendered)
    {
        try
        {
            using var budget = new ExecutionBudget(new ExecuteLimits(), TimeProvider.System, ExecutionTurns.OfProcess, CancellationToken.None);
            return YamlDocumentReader.Read(budget, GoString.Of(rendered)) switch
            {
                GoNil => new Dictionary<string, byte[]>(),
                GoMap map => map.Entries.ToDictionary(entry => entry.Key.ToText(), entry => TextOf(entry.Value)),
                var other => throw new TemplateResultException($"{Failure} {JsonName(other)} into Go value of type map[string]string"),
            };
        }
        catch (Exception e) when (e is FunctionException or LimitExceededException)
        {
            throw new TemplateResultException($"could not unmarshal template to 'map[string][]byte': {e.Message}", NoYaml, e);
        }
    }

    private static byte[] TextOf(GoValue value) => value switch
    {
        GoString text => text.Span.ToArray(),
        GoList or GoMap => throw new TemplateResultException($"{Failure} {JsonName(value)} into Go value of type string"),
        _ => GoString.Of(YamlDocumentReader.ScalarText(value)).Span.ToArray(),
    };

    private static string JsonName(GoValue value) => value switch
    {
        GoList => "array",
        GoMap => "object",
        GoString => "string",
        GoBool => "bool",
        _ => "number",
    };
}
