using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.Generators;

/// <summary>As <see cref="GeneratorJson"/>, for a spec whose blocks have the names of others'.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BeyondtrustWorkloadCredentialsDynamicSecretSpec))]
public sealed partial class BeyondtrustGeneratorJson : JsonSerializerContext;
