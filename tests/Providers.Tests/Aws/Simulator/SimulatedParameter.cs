namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>A parameter of Parameter Store with all its versions, oldest first.</summary>
internal sealed class SimulatedParameter(string name)
{
    public string Name => name;

    public List<string> Values { get; } = [];

    public Dictionary<string, int> Labels { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public string Type { get; set; } = "String";
}
