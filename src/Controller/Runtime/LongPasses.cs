namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Passes that take long, since somebody does not answer them. They only wait, so they go on beside the worker's own, and whoever has nothing to do with that somebody is worked on meanwhile.
/// Each costs memory, so there is an end to them; and one namespace has a share, beyond which nothing of it is begun.
/// </summary>
internal sealed class LongPasses(TimeProvider time)
{
    /// <summary>A pass that takes no longer is not long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>When a key whose namespace has no share left is looked at again.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Of one namespace; the objects without one have a share together.</summary>
    public const int Share = 16;

    /// <summary>Of all namespaces. Once there are so many, one more is begun only for whoever has none.</summary>
    public const int Most = 8 * Share;

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> shares = new(StringComparer.Ordinal);
    private readonly HashSet<Task> beside = [];

    /// <summary>Whether nothing more of a namespace is to be begun.</summary>
    public bool IsFull(string @namespace)
    {
        lock (gate)
        {
            var share = shares.GetValueOrDefault(@namespace);
            return share >= Share || (share > 0 && beside.Count >= Most);
        }
    }

    /// <summary>Ends with the pass, or once it goes on beside.</summary>
    public async Task FollowAsync(string @namespace, Task pass)
    {
        if (!pass.IsCompleted) await pass.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pass.IsCompleted || !TryTake(@namespace, pass)) await pass.ConfigureAwait(false);
        else _ = pass.ContinueWith(ended => Leave(@namespace, ended), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends with those that are beside now.</summary>
    public Task WhenAllAsync()
    {
        lock (gate) return Task.WhenAll(beside);
    }

    private bool TryTake(string @namespace, Task pass)
    {
        lock (gate)
        {
            if (beside.Count >= Most || shares.GetValueOrDefault(@namespace) >= Share) return false;
            shares[@namespace] = shares.GetValueOrDefault(@namespace) + 1;
            return beside.Add(pass);
        }
    }

    private void Leave(string @namespace, Task pass)
    {
        lock (gate)
        {
            beside.Remove(pass);
            if (--shares[@namespace] == 0) shares.Remove(@namespace);
        }
    }
}
