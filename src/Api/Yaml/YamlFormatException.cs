namespace GitOpsSecrets.Api.Yaml;

/// <summary>Text that is not the YAML (or JSON) that a manifest may be written in. The message names the place, never the value there.</summary>
public sealed class YamlFormatException : Exception
{
    /// <param name="problem">What is wrong, in words, without the value.</param>
    /// <param name="line">From 1; 0 when unknown.</param>
    /// <param name="column">From 1; 0 when unknown.</param>
    public YamlFormatException(string problem, long line, long column)
        : base(line > 0 ? $"line {line}, column {column}: {problem}" : problem)
    {
        Line = line;
        Column = column;
    }

    public long Line { get; }

    public long Column { get; }
}
