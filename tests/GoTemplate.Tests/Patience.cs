namespace GitOpsSecrets.GoTemplate.Tests;

/// <summary>Executions that no slow machine can make fail: every limit but time.</summary>
internal static class Patience
{
    public static ExecuteOptions Options { get; } = With(new ExecuteLimits());

    public static ExecuteOptions With(ExecuteLimits limits) => new() { Limits = limits with { MaxTime = TimeSpan.FromHours(1) } };
}
