using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Calls with a token that all users of one source share until shortly before it ends. Concurrent callers wait for one login; one that Google no longer
/// knows is replaced once. (The original holds a lock of the whole process from the login to the end of each reconcile.)
/// </summary>
internal sealed class GoogleSession(GoogleHttp http, IGoogleLogin login, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private GoogleToken? token;

    /// <exception cref="ProviderException">The login or the call failed.</exception>
    public async Task<GoogleAnswer> SendAsync(GoogleCall call, CancellationToken cancellationToken)
    {
        // The body is zeroed once sent, and a second attempt needs it.
        var again = call.Body is null ? call : call with { Body = [.. call.Body] };
        try
        {
            var used = await TokenAsync(cancellationToken).ConfigureAwait(false);
            var answer = await http.SendAsync(call with { Tolerated = [.. call.Tolerated, GoogleAnswer.Unauthenticated] }, used.Value, cancellationToken).ConfigureAwait(false);
            if (answer.Status != GoogleAnswer.Unauthenticated) return answer;
            answer.Dispose();
            await ForgetAsync(used, cancellationToken).ConfigureAwait(false);
            used = await TokenAsync(cancellationToken).ConfigureAwait(false);
            return await http.SendAsync(again, used.Value, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(again.Body);
        }
    }

    public async Task<GoogleToken> TokenAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (token is null || !token.IsUsable(time.GetUtcNow())) token = await login.LogInAsync(cancellationToken).ConfigureAwait(false);
            return token;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        turn.Dispose();
    }

    private async Task ForgetAsync(GoogleToken dead, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(token, dead)) token = null;
        turn.Release();
    }
}
