namespace GitOpsSecrets.Providers.Grpc;

/// <summary>Calls with a token that all users of one source share until shortly before it ends, replaced once where the service does not know it any longer. Callers that come at the same time wait for one login.</summary>
/// <param name="login">Gives a token; null where the store holds one, which would be the same again.</param>
internal sealed class GrpcSession(GrpcClient client, Func<CancellationToken, Task<GrpcToken>>? login, string? fixedToken, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private GrpcToken? current;

    /// <exception cref="ProviderException">The login or the call failed.</exception>
    public async Task<GrpcAnswer> SendAsync(GrpcCall call, CancellationToken cancellationToken)
    {
        if (login is null) return await client.SendAsync(call, fixedToken, cancellationToken).ConfigureAwait(false);
        var used = await TokenAsync(cancellationToken).ConfigureAwait(false);
        var answer = await client.SendAsync(call with { Tolerated = [.. call.Tolerated, GrpcStatus.Unauthenticated] }, used.Value, cancellationToken).ConfigureAwait(false);
        if (answer.Status != GrpcStatus.Unauthenticated) return answer;
        answer.Dispose();
        await ForgetAsync(used, cancellationToken).ConfigureAwait(false);
        return await client.SendAsync(call, (await TokenAsync(cancellationToken).ConfigureAwait(false)).Value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Logs in, where that is to be done.</summary>
    public async Task<GrpcToken> TokenAsync(CancellationToken cancellationToken)
    {
        if (login is null) return new GrpcToken(fixedToken ?? "", null);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (current is null || current.RenewAt <= time.GetUtcNow()) current = await login(cancellationToken).ConfigureAwait(false);
            return current;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        turn.Dispose();
    }

    private async Task ForgetAsync(GrpcToken dead, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        // Another caller may have logged in anew in the meantime.
        if (ReferenceEquals(current, dead)) current = null;
        turn.Release();
    }
}
