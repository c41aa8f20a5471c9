using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Gitlab;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GitlabDeployTokenSpec))]
[JsonSerializable(typeof(GitlabState))]
internal sealed partial class GitlabJson : JsonSerializerContext;
