using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.States;

/// <summary>What one pass generated. Unless somebody may have got the values, all of it is taken back.</summary>
internal sealed class StateScope(StateKeeper keeper, OwnerReference owner, string ns) : IAsyncDisposable
{
    private readonly List<GeneratorState> made = [];

    /// <summary>Whether somebody may have the values.</summary>
    public bool IsOut { get; private set; }

    /// <summary>What is in use when this pass is over.</summary>
    public IReadOnlyList<GeneratorState> Made => made;

    /// <summary>What a pass before generated, and this one still writes.</summary>
    public void Adopt(IEnumerable<GeneratorState> states) => made.AddRange(states);

    /// <summary>From here on somebody may have the values: they hold until others have replaced them.</summary>
    public void GiveOut() => IsOut = true;

    /// <summary>Nobody got them after all.</summary>
    public void Withdraw() => IsOut = false;

    /// <summary>Writes it down, or takes it back.</summary>
    public async Task KeepAsync(IReadOnlyList<GeneratedState> states, CancellationToken cancellationToken)
    {
        var kept = 0;
        try
        {
            for (; kept < states.Count; kept++) made.Add(await keeper.CreateAsync(states[kept], owner, ns, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            for (; kept < states.Count; kept++) await keeper.TakeBackAsync(states[kept], ns).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody has these any more.</summary>
    public async Task ExpireAsync(IEnumerable<GeneratorState> states, CancellationToken cancellationToken)
    {
        foreach (var state in states) await keeper.ExpireAsync(state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The values are where they belong, so those before them have had their time.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        IsOut = true;
        foreach (var old in keeper.OlderThan(made, owner).ToList()) await keeper.ExpireAsync(old, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsOut) return;
        foreach (var state in made)
        {
            try
            {
                await keeper.DropAsync(state, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
            {
                // The next pass that succeeds gives it a deadline.
            }
        }
    }
}
