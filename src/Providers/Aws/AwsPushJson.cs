using System.Text.Json.Serialization;
using GitOpsSecrets.Providers.Aws.CertificateManager;
using GitOpsSecrets.Providers.Aws.ParameterStore;
using GitOpsSecrets.Providers.Aws.SecretsManager;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>Unknown fields are mistakes here, as in the original.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PushMetadata<SecretsManagerWishes>), TypeInfoPropertyName = "SecretsManager")]
[JsonSerializable(typeof(PushMetadata<ParameterWishes>), TypeInfoPropertyName = "ParameterStore")]
[JsonSerializable(typeof(PushMetadata<CertificateWishes>), TypeInfoPropertyName = "CertificateManager")]
internal sealed partial class AwsPushJson : JsonSerializerContext;
