using System.Collections.Concurrent;

namespace GitOpsSecrets.Providers.Tests;

/// <summary>Remembers the calls that providers tell of.</summary>
internal sealed class CallLog : ICallObserver
{
    private readonly ConcurrentQueue<(string Provider, string Operation, bool Succeeded)> calls = new();

    public IReadOnlyList<(string Provider, string Operation, bool Succeeded)> Calls => [.. calls];

    public void Called(string provider, string operation, bool succeeded, TimeSpan duration) => calls.Enqueue((provider, operation, succeeded));
}
