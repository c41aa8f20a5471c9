using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// Wakes all users of a store that is there again, or is another now. They have the same to ask or a thousand different things: no more of them than it bears, and while
/// the others wait for their turn, the workers are free for other stores.
/// </summary>
internal static class StoreTurns
{
    private static readonly TimeSpan LongestSpread = TimeSpan.FromMinutes(1);

    public static void AddInTurn(this WorkQueue queue, IEnumerable<NamespacedName> users, ControllerOptions options)
    {
        var turn = 0;
        foreach (var user in users)
        {
            var delay = TimeSpan.FromSeconds(turn++ / (double)options.StoreRateLimit);
            queue.AddAfter(user, delay < LongestSpread ? delay : LongestSpread);
        }
    }
}
