using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.Generators;

/// <summary>The specs of generators, as they stand in <see cref="Generator.Spec"/> and in a <see cref="ClusterGenerator"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PasswordSpec))]
[JsonSerializable(typeof(UuidSpec))]
[JsonSerializable(typeof(SshKeySpec))]
[JsonSerializable(typeof(MfaSpec))]
[JsonSerializable(typeof(FakeSpec))]
[JsonSerializable(typeof(WebhookSpec))]
[JsonSerializable(typeof(EcrAuthorizationTokenSpec))]
[JsonSerializable(typeof(StsSessionTokenSpec))]
[JsonSerializable(typeof(GcrAccessTokenSpec))]
[JsonSerializable(typeof(VaultDynamicSecretSpec))]
public sealed partial class GeneratorJson : JsonSerializerContext;
