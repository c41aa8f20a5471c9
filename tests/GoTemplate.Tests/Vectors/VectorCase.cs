using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.GoTemplate.Tests.Vectors;

/// <summary>One line of cases.jsonl; the fields are explained in tests/vectors/templates/README.md.</summary>
public sealed record VectorCase
{
    public required string Id { get; init; }

    public required string Category { get; init; }

    public required string Name { get; init; }

    public required string DataType { get; init; }

    public required string Template { get; init; }

    public JsonElement Data { get; init; }

    public Dictionary<string, string>? DataBase64 { get; init; }

    public string? LeftDelim { get; init; }

    public string? RightDelim { get; init; }

    public string? MissingKey { get; init; }

    public string? Output { get; init; }

    public string? OutputBase64 { get; init; }

    public string? Error { get; init; }

    public string? ErrorKind { get; init; }

    public string? ErrorMatch { get; init; }

    public string? ErrorPrefix { get; init; }

    public string? Scope { get; init; }

    public string? Decoding { get; init; }

    public Dictionary<string, string>? Result { get; init; }

    public Dictionary<string, string>? ResultBase64 { get; init; }

    [JsonPropertyName("outputEmbedsLibraryMessage")]
    public JsonElement OutputEmbedsLibraryMessage { get; init; }
}
