using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>JSON and YAML as Helm shows them to templates (every number is a float64), and back.</summary>
internal static class GoValues
{
    public static GoValue Of(JsonNode? node) => node switch
    {
        null => GoNil.Value,
        JsonObject map => OfMap(map),
        JsonArray list => GoList.OfAny([.. list.Select(Of)]),
        JsonValue value when value.TryGetValue<bool>(out var flag) => GoBool.Of(flag),
        JsonValue value when value.TryGetValue<string>(out var text) => GoString.Of(text),
        JsonValue value when value.TryGetValue<long>(out var number) => new GoFloat(number),
        JsonValue value => new GoFloat(value.GetValue<double>()),
        _ => throw new ArgumentException("no JSON", nameof(node)),
    };

    public static GoMap OfMap(JsonObject map)
    {
        var entries = map.ToDictionary(entry => GoString.Of(entry.Key), entry => Of(entry.Value));
        return new GoMap(GoType.AnyMap, entries);
    }

    public static GoMap MapOf(params (string Key, GoValue Value)[] entries) =>
        new(GoType.AnyMap, entries.ToDictionary(entry => GoString.Of(entry.Key), entry => entry.Value));

    public static JsonNode? ToJson(GoValue value) => value switch
    {
        GoNil => null,
        GoMap map => new JsonObject(map.Sorted().Select(entry => KeyValuePair.Create(entry.Key.ToText(), ToJson(entry.Value)))),
        GoList list => new JsonArray([.. list.Items.Select(ToJson)]),
        GoString text => JsonValue.Create(text.ToText()),
        GoBool flag => JsonValue.Create(flag.IsTrue),
        GoInt number => JsonValue.Create(number.Value),
        GoFloat number when number.Value == Math.Floor(number.Value) => JsonValue.Create((long)number.Value),
        GoFloat number => JsonValue.Create(number.Value),
        _ => throw new ArgumentException($"a {value.Type} cannot be written", nameof(value)),
    };

    /// <summary>Without the line break at the end, as Helm's <c>toYaml</c>.</summary>
    public static GoString ToYaml(GoValue value) => GoString.Of(YamlWriter.Write(ToJson(value)).TrimEnd('\n'));
}
