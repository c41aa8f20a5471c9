namespace GitOpsSecrets.Controller.Kube;

/// <summary>The write of a status that meets another's write of the same object: a label, say, or another controller's status.</summary>
internal static class StatusWrite
{
    private const int Attempts = 5;

    /// <param name="source">The object as it was worked on.</param>
    /// <param name="write">Writes the status of this one.</param>
    /// <param name="again">The object as it is now, if the status is still its; null when its event wakes it, and the next pass says what came of that.</param>
    /// <exception cref="KubeApiException">Refused, or the conflicts do not end. That it was deleted meanwhile is no failure: the event of that wakes it, too.</exception>
    public static async Task RunAsync<T>(T source, Func<T, Task> write, Func<Task<T?>> again)
        where T : class
    {
        var now = source;
        for (var attempt = 1; now is not null; attempt++)
        {
            try
            {
                await write(now).ConfigureAwait(false);
                return;
            }
            catch (KubeApiException refused) when (refused.IsNotFound)
            {
                return;
            }
            catch (KubeApiException refused) when (refused.IsConflict && attempt < Attempts)
            {
                now = await again().ConfigureAwait(false);
            }
        }
    }
}
