using System.Text.Json;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>What a generator made.</summary>
/// <param name="Values">The keys and values; the caller's to dispose.</param>
/// <param name="State">What <see cref="ICleanUp"/> needs to take them back; null when nothing does. Holds no value.</param>
/// <param name="ExpiresAt">When the values stop to work; null when they do not, or it is not known. The caller generates anew before.</param>
public sealed record Generated(SecretValues Values, JsonElement? State = null, DateTimeOffset? ExpiresAt = null) : IDisposable
{
    /// <summary>Fields of the spec that had no effect, as only the making shows; what the spec alone shows is <see cref="IGenerator.Unused"/>'s.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    public void Dispose() => Values.Dispose();

    public override string ToString() => Values.ToString();
}
