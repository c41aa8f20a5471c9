using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A value, or a set of values, at the provider.</summary>
public sealed record RemoteRef
{
    /// <summary>Name or path at the provider.</summary>
    public required string Key { get; init; }

    /// <summary>Path to a part of the value, such as user.password in a JSON document.</summary>
    public string? Property { get; init; }

    /// <summary>The latest by default.</summary>
    public string? Version { get; init; }

    /// <summary>None (the default), or Fetch for the metadata (tags, labels) instead of the value.</summary>
    [Values(ExternalSecrets.MetadataPolicy.None, ExternalSecrets.MetadataPolicy.Fetch)]
    [Schema(Nullable = true)]
    public string? MetadataPolicy { get; init; }

    /// <summary>What becomes of characters that a key may not have. Default by default.</summary>
    [Values(ExternalSecrets.ConversionStrategy.Default, ExternalSecrets.ConversionStrategy.Unicode)]
    [Schema(Nullable = true)]
    public string? ConversionStrategy { get; init; }

    /// <summary>How the value is decoded. None by default.</summary>
    [Values(ExternalSecrets.DecodingStrategy.Auto, ExternalSecrets.DecodingStrategy.Base64, ExternalSecrets.DecodingStrategy.Base64Url, ExternalSecrets.DecodingStrategy.None)]
    [Schema(Nullable = true)]
    public string? DecodingStrategy { get; init; }

    /// <summary>Whether a value with a null byte is an error. Ignore by default.</summary>
    [Values(ExternalSecrets.NullBytePolicy.Ignore, ExternalSecrets.NullBytePolicy.Fail)]
    public string? NullBytePolicy { get; init; }
}
