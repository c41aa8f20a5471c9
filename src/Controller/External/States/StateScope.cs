using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.States;

/// <summary>What one pass generated. Unless it is committed, all of it is taken back: nobody got the values.</summary>
internal sealed class StateScope(StateKeeper keeper, OwnerReference owner, string ns) : IAsyncDisposable
{
    private readonly List<GeneratorState> made = [];
    private bool committed;

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

    /// <summary>The values are where they belong, so those before them have had their time.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        committed = true;
        foreach (var old in keeper.OlderThan(made, owner).ToList()) await keeper.ExpireAsync(old, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (committed) return;
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
