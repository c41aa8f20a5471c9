using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Each provider has a context of its own, since nested records of several providers share names.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FakeStore))]
public sealed partial class FakeStoreJson : JsonSerializerContext;
