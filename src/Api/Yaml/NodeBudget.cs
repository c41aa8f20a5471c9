namespace GitOpsSecrets.Api.Yaml;

/// <summary>Counts nodes and depth while a tree is built, so that a small text cannot become a large tree.</summary>
internal sealed class NodeBudget(YamlLimits limits)
{
    private int _nodes;

    public int Used => _nodes;

    public void Spend(int nodes, int depth, long line, long column)
    {
        if (nodes > limits.MaxNodes - _nodes) throw new YamlFormatException($"more than {limits.MaxNodes} values, aliases counted", line, column);
        if (depth > limits.MaxDepth) throw new YamlFormatException($"nested deeper than {limits.MaxDepth} levels", line, column);
        _nodes += nodes;
    }
}
