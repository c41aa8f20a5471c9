using System.Text.Json;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>One item and where it is pushed to.</summary>
public sealed record PushSecretData
{
    public required PushSecretMatch Match { get; init; }

    /// <summary>What the provider is told besides the value; its fields are the provider's.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>None (the default), or ReverseUnicode to undo _U1a2b_ in keys.</summary>
    [Values(ExternalSecrets.ConversionStrategy.None, ExternalSecrets.ConversionStrategy.ReverseUnicode)]
    [Schema(Nullable = true)]
    public string? ConversionStrategy { get; init; }
}
