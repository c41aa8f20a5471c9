using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Looks up the fields of a store by their paths. A field that is null, or empty text, is absent.</summary>
internal static class StoreFields
{
    /// <summary>Undefined where it is absent.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: something on the way is no object.</exception>
    public static JsonElement At(JsonElement options, string path)
    {
        var here = options;
        foreach (var name in path.Split('.'))
        {
            if (here.ValueKind != JsonValueKind.Object) throw new ProviderException(ProviderFailureKind.Invalid, $"{path}: the field before \"{name}\" must be an object");
            if (!here.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return default;
            here = member;
        }

        return here;
    }

    public static string? Text(JsonElement options, string path) => At(options, path) switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => throw new ProviderException(ProviderFailureKind.Invalid, $"{path} must be a text"),
    };

    /// <summary>An object as the JSON that it is, a list as JSON without spaces.</summary>
    public static string? TextOrObject(JsonElement options, string path) => At(options, path) switch
    {
        { ValueKind: JsonValueKind.Object } json => json.GetRawText(),
        { ValueKind: JsonValueKind.Array } list => JsonArray.Create(list)!.ToJsonString(),
        _ => Text(options, path),
    };

    public static IReadOnlyList<string> Texts(JsonElement options, string path) => At(options, path) switch
    {
        { ValueKind: JsonValueKind.Undefined } => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number) => [.. list.EnumerateArray().Select(item => item.ToString())],
        _ => throw new ProviderException(ProviderFailureKind.Invalid, $"{path} must be a list of texts"),
    };

    /// <summary>The names of an object of numbers, in the numbers' order.</summary>
    public static IReadOnlyList<string> Ordered(JsonElement options, string path) => At(options, path) switch
    {
        { ValueKind: JsonValueKind.Undefined } => [],
        { ValueKind: JsonValueKind.Object } map when map.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Number) =>
            [.. map.EnumerateObject().OrderBy(member => member.Value.GetDouble()).ThenBy(member => member.Name, StringComparer.Ordinal).Select(member => member.Name)],
        _ => throw new ProviderException(ProviderFailureKind.Invalid, $"{path} must be an object of numbers"),
    };

    public static SecretKeySelector? Secret(JsonElement options, string path) => Read(options, path, DeclaredJson.Default.SecretKeySelector);

    public static ServiceAccountSelector? ServiceAccount(JsonElement options, string path) => Read(options, path, DeclaredJson.Default.ServiceAccountSelector);

    /// <param name="under">The object that the field is in, with a dot behind; empty for the store itself.</param>
    public static CaProvider? Authority(JsonElement options, string under = "") => Read(options, under + "caProvider", DeclaredJson.Default.CaProvider);

    private static T? Read<T>(JsonElement options, string path, JsonTypeInfo<T> shape)
        where T : class
        => At(options, path) is { ValueKind: not JsonValueKind.Undefined } found ? StoreOptions.Read(path, found, shape) : null;
}
