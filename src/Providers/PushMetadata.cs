using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Providers;

/// <summary>The <c>metadata</c> of a PushSecret's entry: a wrapper, and under <c>spec</c> what the store's kind knows. Unknown fields are mistakes, as in the original.</summary>
internal sealed record PushMetadata<T>
    where T : class, new()
{
    private const string Version = "kubernetes.external-secrets.io/v1alpha1";
    private const string KindName = "PushSecretMetadata";

    public string? ApiVersion { get; init; }
    public string? Kind { get; init; }
    public T? Spec { get; init; }

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: they are not understood.</exception>
    public static T Read(JsonElement? metadata, JsonTypeInfo<PushMetadata<T>> shape)
    {
        if (metadata is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } written) return new();
        if (Misplaced(written, shape) is { } problem) throw Invalid(problem);
        try
        {
            if (written.Deserialize(shape) is { ApiVersion: Version, Kind: KindName } read) return read.Spec ?? new();
        }
        catch (JsonException failure)
        {
            throw Invalid(failure.Path is { Length: > 2 } path ? $"{path[2..]} cannot have a value of that kind" : "they must be an object");
        }
        throw Invalid($"they must be of apiVersion {Version} and kind {KindName}");
    }

    /// <summary>The first field that nobody knows, and what to do about it. Its value is not told.</summary>
    private static string? Misplaced(JsonElement written, JsonTypeInfo shape)
    {
        if (written.ValueKind != JsonValueKind.Object) return null;
        var spec = NamesOf(shape.Options.GetTypeInfo(typeof(T)));
        foreach (var name in written.EnumerateObject().Select(member => member.Name).Except(NamesOf(shape), StringComparer.Ordinal))
            return spec.Contains(name, StringComparer.Ordinal) ? $"field \"{name}\" belongs under \"spec\"" : $"there is no field \"{name}\", only {string.Join(", ", NamesOf(shape))}";
        return written.TryGetProperty("spec", out var wishes) ? Unknown(wishes, shape.Options.GetTypeInfo(typeof(T)), "spec") : null;
    }

    private static string? Unknown(JsonElement written, JsonTypeInfo shape, string path)
    {
        if (written.ValueKind != JsonValueKind.Object || shape.Kind != JsonTypeInfoKind.Object) return null;
        foreach (var member in written.EnumerateObject())
        {
            if (shape.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } known) return $"there is no field \"{path}.{member.Name}\"; {path} may have {string.Join(", ", NamesOf(shape))}";
            if (Unknown(member.Value, shape.Options.GetTypeInfo(known.PropertyType), $"{path}.{member.Name}") is { } deeper) return deeper;
        }
        return null;
    }

    private static IReadOnlyList<string> NamesOf(JsonTypeInfo shape) => [.. shape.Properties.Where(property => property.Get is not null).Select(property => property.Name)];

    private static ProviderException Invalid(string problem) => new(ProviderFailureKind.Invalid, $"unable to parse metadata parameters: {problem}");
}
