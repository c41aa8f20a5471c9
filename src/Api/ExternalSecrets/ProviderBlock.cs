using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>
/// An object whose one member says by its name what it is: <c>provider: {vault: {…}}</c>. The member is kept as JSON, for its
/// provider's options record to read. Also holds none, or several, so that the mistake can be named.
/// </summary>
[JsonConverter(typeof(ProviderBlockConverter))]
public sealed class ProviderBlock(JsonElement json)
{
    /// <summary>The whole object. Safe to read from many threads.</summary>
    public JsonElement Json { get; } = json;

    public IReadOnlyList<string> Names { get; } = [.. json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => member.Name)];

    /// <summary>The one member's name; <c>null</c> when there is none, or more than one.</summary>
    public string? Name => Names.Count == 1 ? Names[0] : null;

    /// <summary>The one member's value.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Name"/> is <c>null</c>.</exception>
    public JsonElement Options => Name is { } name ? Json.GetProperty(name) : throw new InvalidOperationException("not exactly one member");
}
