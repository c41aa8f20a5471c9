namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// What a store answered, or is about to, shared by all who asked the same. Readers hold it while they read; the values are zeroed when it is forgotten and
/// the last reader is through.
/// </summary>
internal sealed class Answer
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<FetchedValues> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FetchedValues? held;
    private int holders = 1;

    public Answer(DateTimeOffset askedAt)
    {
        AskedAt = askedAt;
        // A failure that nobody waits for any more is nobody's failure.
        _ = result.Task.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>When the call began: the values are as old as that.</summary>
    public DateTimeOffset AskedAt { get; }

    public bool HasFailed => result.Task.IsFaulted || result.Task.IsCanceled;

    public Task<FetchedValues> Result => result.Task;

    /// <returns><c>false</c> when it is forgotten already.</returns>
    public bool TryHold()
    {
        lock (gate)
        {
            if (holders == 0) return false;
            holders++;
            return true;
        }
    }

    public void Release()
    {
        FetchedValues? last = null;
        lock (gate)
        {
            if (--holders == 0) (last, held) = (held, null);
        }
        last?.Dispose();
    }

    public void Complete(FetchedValues values)
    {
        bool wanted;
        lock (gate)
        {
            wanted = holders > 0;
            if (wanted) held = values;
        }
        if (wanted)
        {
            result.TrySetResult(values);
            return;
        }
        values.Dispose();
        result.TrySetCanceled();
    }

    public void Fail(Exception failure) => result.TrySetException(failure);
}
