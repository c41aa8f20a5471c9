using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>Unknown fields are mistakes here, as in the original.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PushMetadata<KubernetesWishes>), TypeInfoPropertyName = "Metadata")]
internal sealed partial class KubernetesWishesJson : JsonSerializerContext;
