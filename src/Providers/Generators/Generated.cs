using System.Text.Json;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>What a generator made.</summary>
/// <param name="Values">The keys and values; the caller's to dispose.</param>
/// <param name="State">What <see cref="ICleanUp"/> needs to take them back; null when nothing does. Holds no value.</param>
/// <param name="ExpiresAt">When the values stop to work; null when they do not, or it is not known. The caller generates anew before.</param>
public sealed record Generated(SecretValues Values, JsonElement? State = null, DateTimeOffset? ExpiresAt = null) : IDisposable
{
    /// <summary>Fields of the spec that were given and have no effect: <c>spec.length</c>.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    public void Dispose() => Values.Dispose();

    public override string ToString() => Values.ToString();
}
