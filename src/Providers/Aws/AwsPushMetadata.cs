using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>The wrapper around a PushSecret entry's wishes.</summary>
internal sealed record AwsPushMetadata<T>
    where T : class, new()
{
    private const string Version = "kubernetes.external-secrets.io/v1alpha1";
    private const string KindName = "PushSecretMetadata";

    public string? ApiVersion { get; init; }
    public string? Kind { get; init; }
    public T? Spec { get; init; }

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: they are not understood.</exception>
    public static T Read(JsonElement? metadata, JsonTypeInfo<AwsPushMetadata<T>> shape)
    {
        if (metadata is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } written) return new();
        try
        {
            if (written.Deserialize(shape) is { ApiVersion: Version, Kind: KindName } read) return read.Spec ?? new();
        }
        catch (JsonException failure)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"unable to parse metadata parameters: {failure.Message}");
        }
        throw new ProviderException(ProviderFailureKind.Invalid, $"unable to parse metadata parameters: they must be of apiVersion {Version} and kind {KindName}");
    }
}
