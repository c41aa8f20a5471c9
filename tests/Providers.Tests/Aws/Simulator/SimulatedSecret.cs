using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>A secret of Secrets Manager with all its versions, oldest first.</summary>
internal sealed class SimulatedSecret(string name)
{
    public string Name => name;

    public string Arn => $"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-AbCdEf";

    public List<(string Id, JsonNode? Text, JsonNode? Binary)> Versions { get; } = [];

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Replicas { get; } = new(StringComparer.Ordinal);

    public string? Policy { get; set; }

    public string? Key { get; set; }

    public string? Description { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }
}
