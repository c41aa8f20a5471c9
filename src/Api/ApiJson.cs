using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Sops;

namespace GitOpsSecrets.Api;

/// <summary>
/// JSON for every kind: camel-case names, absent fields left out, unknown fields ignored, duplicate names refused, Go's escaping. The kinds of External
/// Secrets stand in contexts of their own (<see cref="ExternalSecretJson"/>, <see cref="ExternalJson"/>): a context drags all its types into a native
/// executable, and the runtime unpacks their tables at each start, so that sealing one Secret would pay for kinds it never meets.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SealedSecret))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(SopsSecret))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>One line, no spaces.</summary>
    public static ApiJson Compact { get; } = new(Settings(indented: false));

    /// <summary>Two spaces of indentation and <c>\n</c>, as kubeseal prints.</summary>
    public static ApiJson Indented { get; } = new(Settings(indented: true));

    internal static JsonSerializerOptions Settings(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        Encoder = GoJsonEncoder.Instance,
        WriteIndented = indented,
        IndentSize = 2,
        NewLine = "\n",
    };
}
