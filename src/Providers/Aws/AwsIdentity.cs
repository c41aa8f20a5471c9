namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// Who the calls are made as: credentials that are obtained once, kept for as long as they live, and obtained anew shortly before they end. Shared
/// by all users of a source, of whom one asks and the others wait.
/// </summary>
/// <param name="obtain">Gives fresh credentials.</param>
internal sealed class AwsIdentity(Func<CancellationToken, Task<AwsCredentials>> obtain, TimeProvider time) : IDisposable
{
    // Assumed roles live for 15 minutes at least; a call and its repetitions take less than a minute.
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private AwsCredentials? current;
    private DateTimeOffset renewAt;

    /// <exception cref="ProviderException">None can be had.</exception>
    public async Task<AwsCredentials> ReadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            if (current is not null && now < renewAt) return current;
            current = await obtain(cancellationToken).ConfigureAwait(false);
            renewAt = current.ExpiresAt is { } end ? end - Smaller(LongestMargin, (end - now) / 5) : DateTimeOffset.MaxValue;
            return current;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>AWS does not take these any more, whatever their end was said to be.</summary>
    public async Task ForgetAsync(AwsCredentials dead, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(current, dead)) current = null;
        turn.Release();
    }

    public void Dispose() => turn.Dispose();

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
