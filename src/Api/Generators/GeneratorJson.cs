using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.Generators;

/// <summary>The specs of generators, as they stand in <see cref="Generator.Spec"/> and in a <see cref="ClusterGenerator"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AcrAccessTokenSpec))]
[JsonSerializable(typeof(AcrAccessTokenSpec.AuthBlock), TypeInfoPropertyName = "AcrAuthBlock")]
[JsonSerializable(typeof(AcrAccessTokenSpec.ManagedIdentityBlock), TypeInfoPropertyName = "AcrManagedIdentityBlock")]
[JsonSerializable(typeof(AcrAccessTokenSpec.SecretRefBlock), TypeInfoPropertyName = "AcrSecretRefBlock")]
[JsonSerializable(typeof(AcrAccessTokenSpec.ServicePrincipalBlock), TypeInfoPropertyName = "AcrServicePrincipalBlock")]
[JsonSerializable(typeof(AcrAccessTokenSpec.WorkloadIdentityBlock), TypeInfoPropertyName = "AcrWorkloadIdentityBlock")]
[JsonSerializable(typeof(GithubAccessTokenSpec))]
[JsonSerializable(typeof(GithubAccessTokenSpec.AuthBlock), TypeInfoPropertyName = "GithubAuthBlock")]
[JsonSerializable(typeof(GithubAccessTokenSpec.PrivateKeyBlock), TypeInfoPropertyName = "GithubPrivateKeyBlock")]
[JsonSerializable(typeof(QuayAccessTokenSpec))]
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
