namespace GitOpsSecrets.LocalCluster;

/// <summary>What was asked of the server, so that a test can say "and nothing was written". Keeps the last requests only; bodies never.</summary>
public sealed class RequestLog
{
    private const int Longest = 100_000;
    private readonly Lock gate = new();
    private readonly Queue<RecordedRequest> requests = new();

    public IReadOnlyList<RecordedRequest> All()
    {
        lock (gate)
        {
            return [.. requests];
        }
    }

    public int Count(Func<RecordedRequest, bool> predicate)
    {
        lock (gate)
        {
            return requests.Count(predicate);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            requests.Clear();
        }
    }

    internal void Add(RecordedRequest request)
    {
        lock (gate)
        {
            requests.Enqueue(request);
            if (requests.Count > Longest) requests.Dequeue();
        }
    }
}
