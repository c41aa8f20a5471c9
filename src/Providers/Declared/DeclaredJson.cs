using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Declared;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SecretKeySelector))]
[JsonSerializable(typeof(ServiceAccountSelector))]
[JsonSerializable(typeof(CaProvider))]
internal sealed partial class DeclaredJson : JsonSerializerContext;
