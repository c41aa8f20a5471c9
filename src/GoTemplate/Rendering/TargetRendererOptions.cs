namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>How <see cref="TargetRenderer"/> renders, the same for all templates of a process.</summary>
public sealed record TargetRendererOptions
{
    public string LeftDelimiter { get; init; } = "{{";

    public string RightDelimiter { get; init; } = "}}";

    /// <summary>Bounds on one object, however many templates it has: time and output are shared by them, the rest holds for each.</summary>
    public ExecuteOptions Execution { get; init; } = new();
}
