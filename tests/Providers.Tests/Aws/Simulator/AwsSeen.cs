using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>A request that the simulator got.</summary>
/// <param name="Body">JSON, or the fields of a form.</param>
/// <param name="AccessKeyId">Null when it was not signed.</param>
internal sealed record AwsSeen(string Service, string Operation, string Region, string? AccessKeyId, JsonObject Body);
