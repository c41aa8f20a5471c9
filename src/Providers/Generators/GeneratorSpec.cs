using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>Reads the specs of generators. One that is absent reads as an empty one.</summary>
internal static class GeneratorSpec
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}"u8);

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it cannot be read, or there are findings.</exception>
    public static T Read<T>(JsonElement spec, JsonTypeInfo<T> shape, Func<T, IEnumerable<string>> findings)
        where T : class
    {
        var read = StoreOptions.Read("spec", OrEmpty(spec), shape);
        var problems = string.Join("; ", findings(read));
        return problems.Length == 0 ? read : throw new ProviderException(ProviderFailureKind.Invalid, problems);
    }

    public static IReadOnlyList<string> Check<T>(JsonElement spec, JsonTypeInfo<T> shape, Func<T, IEnumerable<string>> findings)
        where T : class
        => StoreOptions.Check("spec", OrEmpty(spec), shape, findings);

    public static IEnumerable<string> Unused<T>(JsonElement spec, JsonTypeInfo<T> shape, Func<T, IEnumerable<string>> unused)
        where T : class
        => unused(StoreOptions.Read("spec", OrEmpty(spec), shape));

    private static JsonElement OrEmpty(JsonElement spec) => spec.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? Empty : spec;
}
