using System.Security.Cryptography;

namespace GitOpsSecrets.GoTemplate;

/// <summary>What an execution may use and what it sees of the world: time and chance come in here.</summary>
public sealed record ExecuteOptions
{
    public ExecuteLimits Limits { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ExecutionTurns Turns { get; init; } = ExecutionTurns.OfProcess;

    public RandomBytes Random { get; init; } = RandomNumberGenerator.Fill;
}
