using System.Text.Json;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests.Vectors;

/// <summary>A case's data as the Go value its dataType names.</summary>
internal static class VectorData
{
    public static GoValue Of(VectorCase vector) => vector.DataType switch
    {
        "map[string]string" => GoMap.OfSecrets(Secrets(vector)),
        "map[string]any" => AnyOf(vector.Data),
        "map[string]map[string]string" => new GoMap(GoType.StringMapMap, vector.Data.EnumerateObject().ToDictionary(
            group => GoString.Of(group.Name), GoValue (group) => StringMap(group.Value))),
        _ => throw new InvalidDataException(vector.DataType),
    };

    public static IEnumerable<KeyValuePair<string, byte[]>> Secrets(VectorCase vector)
    {
        foreach (var entry in vector.Data.ValueKind == JsonValueKind.Object ? vector.Data.EnumerateObject().ToArray() : [])
        {
            yield return new(entry.Name, System.Text.Encoding.UTF8.GetBytes(entry.Value.GetString()!));
        }

        foreach (var (key, value) in vector.DataBase64 ?? [])
        {
            yield return new(key, Convert.FromBase64String(value));
        }
    }

    private static GoMap StringMap(JsonElement json) =>
        new(GoType.StringMap, json.EnumerateObject().ToDictionary(entry => GoString.Of(entry.Name), GoValue (entry) => GoString.Of(entry.Value.GetString()!)));

    private static GoValue AnyOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new GoMap(GoType.AnyMap, json.EnumerateObject().ToDictionary(entry => GoString.Of(entry.Name), entry => AnyOf(entry.Value))),
        JsonValueKind.Array => GoList.OfAny([.. json.EnumerateArray().Select(AnyOf)]),
        JsonValueKind.String => GoString.Of(json.GetString()!),
        JsonValueKind.Number => new GoFloat(json.GetDouble()),
        JsonValueKind.True => GoBool.True,
        JsonValueKind.False => GoBool.False,
        _ => GoNil.Value,
    };
}
