namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>Counts what one execution uses and stops it at its limits.</summary>
internal sealed class ExecutionBudget(ExecuteLimits limits, TimeProvider time, CancellationToken cancellationToken)
{
    /// <summary>Steps between two looks at the clock.</summary>
    private const int ClockInterval = 1024;

    private readonly long started = time.GetTimestamp();
    private long steps;
    private long nextClock;
    private long allocated;

    public void Step(long count = 1)
    {
        steps += count;
        if (steps > limits.MaxSteps)
        {
            throw new LimitExceededException($"more than {limits.MaxSteps} steps");
        }

        if (steps < nextClock)
        {
            return;
        }

        nextClock = steps + ClockInterval;
        cancellationToken.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(started) > limits.MaxTime)
        {
            throw new LimitExceededException($"took longer than {limits.MaxTime.TotalSeconds} s");
        }
    }

    public void Allocate(long bytes)
    {
        allocated += bytes;
        if (allocated > limits.MaxAllocatedBytes)
        {
            throw new LimitExceededException($"more than {limits.MaxAllocatedBytes} bytes in use");
        }
    }

    /// <summary>Before a list of that many elements is made.</summary>
    public void AllocateItems(long count)
    {
        const int bytesAnItem = 40;
        Step(count);
        Allocate(Math.Max(count, 0) * bytesAnItem);
    }
}
