using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Unknown fields are mistakes here, as in the original.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PushMetadata<KeyVaultWishes>), TypeInfoPropertyName = "Metadata")]
internal sealed partial class KeyVaultWishesJson : JsonSerializerContext;
