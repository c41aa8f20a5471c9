namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>
/// Counts what one execution uses and stops it at its limits. Whatever walks its input in a loop of its own asks here as it goes:
/// nothing else can end it.
/// </summary>
internal sealed class ExecutionBudget(ExecuteLimits limits, TimeProvider time, ExecutionTurns turns, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Steps between two looks at the clock.</summary>
    private const int ClockInterval = 1024;

    /// <summary>Bytes of input that count as a step where a function walks them without asking.</summary>
    private const int BytesAStep = 256;

    private const int AllocationsAStep = 64;

    /// <summary>What a function may need for a while, as a multiple of its texts: characters of two bytes, lists of runes, growing buffers.</summary>
    private const int WorkingCopies = 8;

    private readonly long started = time.GetTimestamp();
    private long steps;
    private long nextClock;
    private long allocations;
    private long allocated;
    private bool hasTurn;

    /// <summary>The time spent waiting for the turn, which counts to no limit.</summary>
    public TimeSpan Waited { get; private set; }

    public void Dispose()
    {
        if (hasTurn)
        {
            hasTurn = false;
            turns.Release();
        }
    }

    public void Step(long count = 1)
    {
        steps += count;
        if (steps > limits.MaxSteps)
        {
            throw new LimitExceededException($"more than {limits.MaxSteps} steps");
        }

        if (steps >= nextClock)
        {
            LookAtClock();
        }
    }

    /// <summary>Before a function sees texts of that many bytes together.</summary>
    public void Enter(long bytes)
    {
        Reserve(bytes * WorkingCopies);
        Step(1 + (bytes / BytesAStep));
        LookAtClock();
    }

    /// <summary>For that many bytes of input that are walked without more questions.</summary>
    public void Walk(long bytes) => Step(1 + (bytes / BytesAStep));

    public void Allocate(long bytes)
    {
        // Who builds a text byte by byte works too.
        if (++allocations % AllocationsAStep == 0)
        {
            Step();
        }

        allocated += bytes;
        Reserve(0);
    }

    /// <summary>Before that many bytes are in use for a while: they must fit beside what is in use already.</summary>
    public void Reserve(long bytes)
    {
        var needed = allocated + bytes;
        if (needed > limits.MaxAllocatedBytes)
        {
            throw new LimitExceededException($"needs more than {limits.MaxAllocatedBytes / (1024 * 1024)} MiB of memory");
        }

        if (needed > ExecutionTurns.FreeBytes && !hasTurn)
        {
            var before = time.GetTimestamp();
            turns.Take(cancellationToken);
            hasTurn = true;
            Waited = time.GetElapsedTime(before);
        }
    }

    /// <summary>Before a list of that many elements is made.</summary>
    public void AllocateItems(long count)
    {
        const int bytesAnItem = 40;
        Step(count);
        Allocate(Math.Max(count, 0) * bytesAnItem);
    }

    /// <summary>Before a list, map or text of its own is made; what is in it counts besides.</summary>
    public void AllocateObject()
    {
        const int bytesAnObject = 120;
        Allocate(bytesAnObject);
    }

    private void LookAtClock()
    {
        nextClock = steps + ClockInterval;
        cancellationToken.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(started) - Waited > limits.MaxTime)
        {
            throw new LimitExceededException($"took longer than {limits.MaxTime.TotalSeconds} s");
        }
    }
}
