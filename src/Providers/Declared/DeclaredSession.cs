using System.Globalization;
using GitOpsSecrets.Providers.Declared.Identity;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// Requests with what a login gave: one login for all who use the source, for as long as it is good, replaced a little before its end, and once
/// more when the store does not know it any longer (401). Those who come at the same time wait for one login.
/// </summary>
internal sealed class DeclaredSession(DeclaredClient client, LoginRule? login, LoginTokens tokens, Variables inputs, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim turn = new(1, 1);
    private Variables? taken;
    private DateTimeOffset? end;

    /// <summary>What the identity of the controller's machine is asked with.</summary>
    public required MachineSurroundings Machine { get; init; }

    /// <summary>Runs the login's own steps; set once, since they and the session need each other.</summary>
    public required DeclaredSteps LoginSteps { get; init; }

    public async Task<DeclaredAnswer> SendAsync(StepRule step, Variables variables, CancellationToken cancellationToken)
    {
        if (login is null) return await client.SendAsync(step, variables, cancellationToken).ConfigureAwait(false);
        var (answer, number) = await SendOnceAsync(step, variables, cancellationToken).ConfigureAwait(false);
        // A token that stands in the store would be the same again.
        if (!answer.IsUnauthorized || !login.CanBeRepeated) return answer;
        answer.Dispose();
        await ForgetAsync(number, cancellationToken).ConfigureAwait(false);
        return (await SendOnceAsync(step, variables, cancellationToken).ConfigureAwait(false)).Answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (taken is not null) await EndAsync(taken).ConfigureAwait(false);
        taken?.Dispose();
        inputs.Dispose();
        client.Dispose();
        turn.Dispose();
    }

    private async Task<(DeclaredAnswer Answer, Variables Token)> SendOnceAsync(StepRule step, Variables variables, CancellationToken cancellationToken)
    {
        // Into the caller's own set, since what a login gave may be needed to read the answer too.
        var token = await AddTokenAsync(variables, cancellationToken).ConfigureAwait(false);
        return (await client.SendAsync(step, variables, cancellationToken).ConfigureAwait(false), token);
    }

    private async Task<Variables> AddTokenAsync(Variables scope, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (taken is null || end <= time.GetUtcNow())
            {
                if (taken is { } old)
                {
                    taken = null;
                    await EndAsync(old).ConfigureAwait(false);
                    old.Dispose();
                }

                (taken, end) = await LogInAsync(cancellationToken).ConfigureAwait(false);
            }

            taken.CopyTo(scope);
            return taken;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ForgetAsync(Variables token, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        // Another caller may have logged in anew in the meantime.
        if (ReferenceEquals(taken, token)) end = DateTimeOffset.MinValue;
        turn.Release();
    }

    /// <summary>Tried, and no more: what is not ended here ends by itself.</summary>
    private async Task EndAsync(Variables old)
    {
        if (login!.End.Count == 0) return;
        using var scope = new Variables(inputs);
        old.CopyTo(scope);
        using var patience = new CancellationTokenSource(LongestFarewell, time);
        try
        {
            (await LoginSteps.RunAsync(login.End, scope, patience.Token).ConfigureAwait(false))?.Dispose();
        }
        catch (Exception failure) when (failure is ProviderException or OperationCanceledException)
        {
            // Nobody is left to tell it to.
        }
    }

    private async Task<(Variables Taken, DateTimeOffset? End)> LogInAsync(CancellationToken cancellationToken)
    {
        using var known = new Variables(inputs);
        await tokens.AddAsync(login!, known, cancellationToken).ConfigureAwait(false);
        var start = time.GetUtcNow();
        login!.Assertion?.Apply(known, start);
        using var given = new Variables(known);
        DateTimeOffset? identityEnd = login.Identity is { } identity ? await identity.AskAsync(Machine, given, cancellationToken).ConfigureAwait(false) : null;
        using var answer = login.Steps.Count > 0 ? await LoginSteps.RunAsync(login.Steps, given, cancellationToken).ConfigureAwait(false) : null;
        if (answer is null && login.Steps.Count > 0) throw new ProviderException(ProviderFailureKind.Denied, "the store does not know the way to log in");
        foreach (var gift in login.Gives.Where(gift => gift.Text.IsComplete(given))) given.Set(gift.Name, gift.Text.Text(given));
        var only = new Variables();
        given.CopyTo(only);
        return (only, identityEnd is { } end ? Before(end, start) : answer is null ? null : EndOf(answer, start));
    }

    private DateTimeOffset? EndOf(DeclaredAnswer answer, DateTimeOffset start)
    {
        var end = login!.LifetimePath is { } path && TimeAt(answer, path, start) is { } said ? said : start + login.Lifetime;
        return end is { } known ? Before(known, start) : null;
    }

    /// <summary>What ends within a minute is as good as ended: a call may take that long.</summary>
    private static DateTimeOffset Before(DateTimeOffset end, DateTimeOffset start)
    {
        var margin = (end - start) / 4;
        return end - (margin < Margin ? margin : Margin);
    }

    /// <summary>Seconds from now, a moment in seconds since 1970, or one that is written out.</summary>
    private static DateTimeOffset? TimeAt(DeclaredAnswer answer, string path, DateTimeOffset start)
    {
        using var found = answer.Find(path);
        if (found is null or { IsNull: true }) return null;
        var text = found.Text;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            const long AfterTheseItIsAMoment = 1_000_000_000;
            return number > AfterTheseItIsAMoment ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(number, 253_402_300_799)) : start.AddSeconds(number);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
    }
}
