using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Chooses values at the provider by name or by tags.</summary>
public sealed record FindSource
{
    /// <summary>Where to look, for providers that have folders.</summary>
    public string? Path { get; init; }

    public FindName? Name { get; init; }

    /// <summary>All of them must match.</summary>
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Tags { get; init; }

    /// <summary>What becomes of characters that a key may not have. Default by default.</summary>
    [Values(ExternalSecrets.ConversionStrategy.Default, ExternalSecrets.ConversionStrategy.Unicode)]
    [Schema(Nullable = true)]
    public string? ConversionStrategy { get; init; }

    /// <summary>How values are decoded. None by default.</summary>
    [Values(ExternalSecrets.DecodingStrategy.Auto, ExternalSecrets.DecodingStrategy.Base64, ExternalSecrets.DecodingStrategy.Base64Url, ExternalSecrets.DecodingStrategy.None)]
    [Schema(Nullable = true)]
    public string? DecodingStrategy { get; init; }

    /// <summary>Whether a value with a null byte is an error. Ignore by default.</summary>
    [Values(ExternalSecrets.NullBytePolicy.Ignore, ExternalSecrets.NullBytePolicy.Fail)]
    public string? NullBytePolicy { get; init; }
}
