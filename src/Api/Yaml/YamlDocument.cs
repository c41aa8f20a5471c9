using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api.Yaml;

/// <param name="Root">The document as JSON; <c>null</c> for an empty document or the value null.</param>
/// <param name="Index">Position in the stream, from 0, empty documents counted.</param>
/// <param name="Line">Line of the document's first token, from 1.</param>
public sealed record YamlDocument(JsonNode? Root, int Index, long Line);
