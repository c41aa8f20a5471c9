using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>Fixed values, for tests.</summary>
[GeneratorKind(GeneratorKinds.Fake)]
public sealed record FakeSpec
{
    /// <summary>The class of controller that serves this generator.</summary>
    public string? Controller { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Data { get; init; }
}
