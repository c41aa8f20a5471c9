namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>A bearer token, asked for anew before it ends. Used by several calls at once.</summary>
/// <param name="request">Gives a fresh one.</param>
internal sealed class KubernetesToken(Func<CancellationToken, Task<ServiceAccountToken>> request, TimeProvider time) : IDisposable
{
    /// <summary>As long as the original asks for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3600);

    // Servers may give shorter ones; with a minute left a call may still be under way when it ends.
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim gate = new(1, 1);
    private ServiceAccountToken? token;
    private DateTimeOffset renewAt;

    public static KubernetesToken Of(string text, TimeProvider time) => new(_ => Task.FromResult(new ServiceAccountToken(text, DateTimeOffset.MaxValue)), time);

    /// <exception cref="ProviderException">None can be had.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            if (token is null || now >= renewAt)
            {
                token = await request(cancellationToken).ConfigureAwait(false);
                var life = token.ExpiresAt - now;
                renewAt = token.ExpiresAt - (life / 5 < LongestMargin ? life / 5 : LongestMargin);
            }

            return token.Token;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}
