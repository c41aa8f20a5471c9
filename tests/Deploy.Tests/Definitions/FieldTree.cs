using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>The records behind the definitions, field for field: each leaf with the properties that lead to it.</summary>
internal static class FieldTree
{
    /// <summary>The specs and statuses of all kinds: the name of the kind, and the property or record that it begins with.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Roots().Select(root => root.Kind).Order(StringComparer.Ordinal)];

    /// <returns>Such as <c>spec.data[].secretKey</c>, with <c>ExternalSecret.Spec</c>, <c>ExternalSecretSpec.Data</c>, …</returns>
    public static IReadOnlyList<Leaf> Of(string kind)
    {
        var type = Roots().Single(root => root.Kind == kind).Type;
        if (type.IsDefined(typeof(GeneratorKindAttribute))) return [.. Leaves(type, "spec", [])];
        return [.. type.GetProperties().Where(property => property.Name is "Spec" or "Status").SelectMany(property => Walk(property, NameOf(property), []))];
    }

    private static IEnumerable<(string Kind, Type Type)> Roots() =>
        from type in typeof(ExternalSecret).Assembly.GetExportedTypes()
        let kind = type.GetCustomAttribute<CustomResourceAttribute>()?.Kind ?? type.GetCustomAttribute<GeneratorKindAttribute>()?.Kind
        where kind is not null
        select (kind, type);

    private static IEnumerable<Leaf> Walk(PropertyInfo property, string path, IReadOnlyList<PropertyInfo> above)
    {
        var declared = property.GetCustomAttribute<SchemaAttribute>()?.Of ?? property.PropertyType;
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type.IsGenericType)
        {
            path += type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? "[]" : "{}";
            type = type.GetGenericArguments()[^1];
        }
        IReadOnlyList<PropertyInfo> chain = [.. above, property];
        return IsRecord(type) ? Leaves(type, path, chain) : [new Leaf(path, chain)];
    }

    private static IEnumerable<Leaf> Leaves(Type record, string path, IReadOnlyList<PropertyInfo> above)
    {
        var fields = record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !property.IsDefined(typeof(JsonIgnoreAttribute))).ToList();
        if (fields.Count == 0 && above.Count > 0) return [new Leaf(path, above)];
        return fields.SelectMany(property => Walk(property, $"{path}.{NameOf(property)}", above));
    }

    private static bool IsRecord(Type type) => type.Namespace!.StartsWith("GitOpsSecrets.", StringComparison.Ordinal) && type != typeof(GoDuration) && type != typeof(ProviderBlock);

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <param name="Chain">From the object down to the field itself.</param>
    internal sealed record Leaf(string Path, IReadOnlyList<PropertyInfo> Chain);
}
