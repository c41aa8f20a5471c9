using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Providers;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

public sealed class StoreGateTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private int calls;

    [Fact]
    public async Task A_store_that_fails_again_and_again_is_left_alone_and_one_call_finds_out_that_it_is_back()
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 3, Pause = TimeSpan.FromSeconds(30) }, time);
        var recovered = 0;
        gate.Recovered += () => recovered++;
        for (var i = 0; i < 3; i++) await FailsAsync(gate, new ProviderException(ProviderFailureKind.Unavailable, "down"));
        Assert.Equal(3, calls);
        var refused = await FailsAsync(gate, new ProviderException(ProviderFailureKind.Unavailable, "down"));
        Assert.Equal((3, TimeSpan.FromSeconds(30)), (calls, refused.RetryAfter));
        Assert.StartsWith("the store has been failing since 20", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("down", refused.Message, StringComparison.Ordinal); // another's words
        time.Advance(TimeSpan.FromSeconds(30));
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Unavailable, "down"));
        Assert.Equal(4, calls);
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Unavailable, "down"));
        Assert.Equal(4, calls);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ok", await gate.CallAsync(_ => Task.FromResult("ok"), CancellationToken.None));
        Assert.Equal(1, recovered);
        Assert.Equal("ok", await gate.CallAsync(_ => Task.FromResult("ok"), CancellationToken.None));
        Assert.Equal(1, recovered);
    }

    [Fact]
    public async Task One_secret_that_is_denied_closes_no_store()
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 1 }, time);
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Denied, "no"));
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Invalid, "no"));
        Assert.Equal("ok", await gate.CallAsync(_ => Task.FromResult("ok"), CancellationToken.None));
    }

    [Fact]
    public async Task A_store_that_says_when_to_come_back_is_believed_at_once_but_not_for_ever()
    {
        var gate = new StoreGate(new StoreGateOptions(), time);
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Throttled, "slow") { RetryAfter = TimeSpan.FromDays(1) });
        var refused = await FailsAsync(gate, new ProviderException(ProviderFailureKind.Throttled, "slow"));
        Assert.Equal((1, TimeSpan.FromMinutes(10)), (calls, refused.RetryAfter));
    }

    [Fact]
    public async Task Beyond_so_many_at_once_no_more_calls_a_second_go_out_than_told_and_a_failure_is_a_call_too()
    {
        var gate = new StoreGate(new StoreGateOptions { CallsPerSecond = 2, Burst = 2 }, time);
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Denied, "no"));
        Assert.True(CallAsync(gate).IsCompletedSuccessfully);
        var (third, fourth) = (CallAsync(gate), CallAsync(gate));
        Assert.Equal((2, false, false), (calls, third.IsCompleted, fourth.IsCompleted));
        time.Advance(TimeSpan.FromMilliseconds(500));
        await third;
        Assert.Equal((3, false), (calls, fourth.IsCompleted));
        time.Advance(TimeSpan.FromMilliseconds(500));
        await fourth;
        Assert.Equal(4, calls);
    }

    private Task<int> CallAsync(StoreGate gate) => gate.CallAsync(_ => Task.FromResult(++calls), CancellationToken.None);

    private Task<ProviderException> FailsAsync(StoreGate gate, ProviderException failure) => Assert.ThrowsAsync<ProviderException>(() => gate.CallAsync<string>(_ =>
    {
        calls++;
        throw failure;
    }, CancellationToken.None));
}
