using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>Reads a SealedSecret into the form the cache holds, so that no more than one at a time is held in any other.</summary>
internal sealed class CachedSealedSecretConverter(bool acceptLegacyData) : JsonConverter<CachedSealedSecret>
{
    private readonly SharedStrings strings = new();

    /// <summary>The kind to list and watch with a cache of its own shared strings.</summary>
    public static KubeKind<CachedSealedSecret> NewKind(bool acceptLegacyData)
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = ApiJson.Default };
        var typeInfo = JsonMetadataServices.CreateValueInfo<CachedSealedSecret>(options, new CachedSealedSecretConverter(acceptLegacyData));
        return new KubeKind<CachedSealedSecret>(SealedSecretKind.Instance.Resource, typeInfo, item => item.Key, item => item.ResourceVersion);
    }

    public override CachedSealedSecret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, ApiJson.Compact.SealedSecret) is { } read ? new CachedSealedSecret(read, acceptLegacyData, strings) : null;

    public override void Write(Utf8JsonWriter writer, CachedSealedSecret value, JsonSerializerOptions options) =>
        throw new NotSupportedException("what the cache holds is only read");
}
