using System.Diagnostics.CodeAnalysis;

namespace GitOpsSecrets.GoTemplate;

/// <summary>
/// Executions that need much memory take turns, so that what all of them use together is one execution's limit and a little for each other.
/// Whoever has the turn has it until its execution ends, which <see cref="ExecuteLimits.MaxTime"/> bounds; it waits for nothing meanwhile.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore's wait handle, all that there is to dispose of, is never asked for.")]
public sealed class ExecutionTurns
{
    /// <summary>What any execution may use without a turn. Far more than honest templates do: a Secret is at most 1 MiB.</summary>
    internal const long FreeBytes = 2 * 1024 * 1024;

    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>The turns of all executions that are given no others: a process has one memory.</summary>
    public static ExecutionTurns OfProcess { get; } = new();

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal void Take(CancellationToken cancellationToken) => turn.Wait(cancellationToken);

    internal void Release() => turn.Release();
}
