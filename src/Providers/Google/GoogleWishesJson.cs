using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Google;

/// <summary>Unknown fields are mistakes here, as in the original.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PushMetadata<GoogleWishes>), TypeInfoPropertyName = "Metadata")]
internal sealed partial class GoogleWishesJson : JsonSerializerContext;
