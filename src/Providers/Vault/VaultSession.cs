using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// Calls with a token that is shared by all users of the source: one login for as long as the token lives, renewed at two thirds of its life,
/// replaced when Vault no longer knows it, and revoked at the end. Concurrent callers wait for one login.
/// </summary>
/// <remarks>
/// <code>
///            login                 2/3 of life                end of life, or unknown to Vault
///   none ────────────▶ usable ────────────────▶ renewed ─ ─ ─ ─ ─ ─ ─▶ none
///                         ▲                        │ refused: log in anew at the end
///                         └────────────────────────┘
/// </code>
/// </remarks>
internal sealed class VaultSession(VaultClient client, IVaultLogin? login, string? fixedToken, TimeProvider time, bool keepsToken = false) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private VaultToken? token;

    /// <exception cref="ProviderException">The login or the call failed.</exception>
    public async Task<VaultAnswer> SendAsync(VaultCall call, CancellationToken cancellationToken)
    {
        if (login is null) return await client.SendAsync(call, fixedToken, cancellationToken).ConfigureAwait(false);
        // The body is zeroed once sent, and a second attempt needs it.
        var again = call.Body is null ? call : call with { Body = [.. call.Body] };
        var used = await TokenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await client.SendAsync(call, used.Value, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException e) when (e.Kind == ProviderFailureKind.Denied)
        {
            // Vault says the same of a token that it has forgotten and of a policy that says no: asking about the token tells them apart.
            if (await IsKnownAsync(used, cancellationToken).ConfigureAwait(false)) throw;
            await ForgetAsync(used, cancellationToken).ConfigureAwait(false);
            used = await TokenAsync(cancellationToken).ConfigureAwait(false);
            return await client.SendAsync(again, used.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>When the token ends, and with it the leases that were taken with it; null where it does not, or it is not known.</summary>
    public DateTimeOffset? EndsAt => token is { IsBatch: false, Lifetime: { } lifetime } last ? last.IssuedAt + lifetime : null;

    public async ValueTask DisposeAsync()
    {
        if (login is not null && !keepsToken && token is { IsBatch: false } last && last.IsUsable(time.GetUtcNow())) await RevokeAsync(last).ConfigureAwait(false);
        client.Dispose();
        turn.Dispose();
    }

    private async Task<VaultToken> TokenAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            if (token is null || !token.IsUsable(now)) token = await LogInAsync(cancellationToken).ConfigureAwait(false);
            else if (token.WantsRenewal(now)) token = await RenewAsync(token, cancellationToken).ConfigureAwait(false);
            return token;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<VaultToken> LogInAsync(CancellationToken cancellationToken)
    {
        var call = await login!.CallAsync(cancellationToken).ConfigureAwait(false);
        using var answer = await client.SendAsync(call, null, cancellationToken).ConfigureAwait(false);
        return TokenOf(answer) ?? throw new ProviderException(ProviderFailureKind.Denied, $"Vault's answer to the login at {call.Path} has no token: is that auth method enabled there?");
    }

    private async Task<VaultToken> RenewAsync(VaultToken old, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.SendAsync(new(HttpMethod.Post, "auth/token/renew-self", "RenewToken") { Body = "{}"u8.ToArray() }, old.Value, cancellationToken).ConfigureAwait(false);
            return TokenOf(answer) ?? old with { IsRenewable = false };
        }
        catch (ProviderException)
        {
            return old with { IsRenewable = false };
        }
    }

    private VaultToken? TokenOf(VaultAnswer answer)
    {
        var auth = JsonMembers.Member(answer.Root, "auth");
        if (JsonMembers.Member(auth, "client_token") is not { ValueKind: JsonValueKind.String } value) return null;
        var seconds = JsonMembers.Member(auth, "lease_duration") is { ValueKind: JsonValueKind.Number } duration ? duration.GetInt64() : 0;
        var type = JsonMembers.Member(auth, "token_type") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;
        return new(
            value.GetString()!,
            time.GetUtcNow(),
            seconds > 0 ? TimeSpan.FromSeconds(seconds) : null,
            JsonMembers.Member(auth, "renewable") is { ValueKind: JsonValueKind.True },
            type == "batch");
    }

    private async Task<bool> IsKnownAsync(VaultToken used, CancellationToken cancellationToken)
    {
        try
        {
            (await client.SendAsync(new(HttpMethod.Get, "auth/token/lookup-self", "LookupSelf"), used.Value, cancellationToken).ConfigureAwait(false)).Dispose();
            return true;
        }
        catch (ProviderException e) when (e.Kind is ProviderFailureKind.Denied or ProviderFailureKind.Invalid)
        {
            // A gateway that lets the question through to nobody says nothing about the token.
            return e.Kind == ProviderFailureKind.Invalid;
        }
    }

    private async Task ForgetAsync(VaultToken dead, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(token, dead)) token = null;
        turn.Release();
    }

    private async Task RevokeAsync(VaultToken last)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        try
        {
            (await client.SendAsync(new(HttpMethod.Post, "auth/token/revoke-self", "RevokeSelf") { Body = "{}"u8.ToArray() }, last.Value, limit.Token).ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            // It ends by itself when its lease does.
        }
    }
}
