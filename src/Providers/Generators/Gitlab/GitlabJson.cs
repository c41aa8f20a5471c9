using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Gitlab;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GitlabDeployTokenSpec))]
[JsonSerializable(typeof(GitlabState))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class GitlabJson : JsonSerializerContext;
