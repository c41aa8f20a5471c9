using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Providers;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

public sealed class StoreGateTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private int calls;

    [Fact]
    public async Task A_store_that_fails_for_key_after_key_is_left_alone_and_one_call_finds_out_that_it_is_back()
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 3, Pause = TimeSpan.FromSeconds(30) }, time);
        var recovered = 0;
        gate.Recovered += () => recovered++;
        for (var i = 0; i < 3; i++) await FailsAsync(gate, Down, $"k{i}");
        Assert.Equal((3, true), (calls, gate.IsPaused));
        var refused = await FailsAsync(gate, Down, "k3");
        Assert.Equal((3, TimeSpan.FromSeconds(30)), (calls, refused.RetryAfter));
        Assert.StartsWith("the store has been failing since 20", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("down", refused.Message, StringComparison.Ordinal); // another's words
        time.Advance(TimeSpan.FromSeconds(30));
        await FailsAsync(gate, Down, "k3");
        Assert.Equal(4, calls);
        await FailsAsync(gate, Down, "k4");
        Assert.Equal(4, calls);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ok", await AnswersAsync(gate, "k0"));
        Assert.Equal((1, false), (recovered, gate.IsPaused));
        Assert.Equal("ok", await AnswersAsync(gate, "k0"));
        Assert.Equal(1, recovered);
        Assert.Equal("ok", await AnswersAsync(gate, "k1"));
        Assert.Equal(2, recovered); // a key that had failed
    }

    [Theory]
    [InlineData(ProviderFailureKind.Denied)]
    [InlineData(ProviderFailureKind.Invalid)]
    public async Task One_secret_that_is_denied_closes_no_store(ProviderFailureKind kind)
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 1 }, time);
        await FailsAsync(gate, new ProviderException(kind, "no"), "bad");
        Assert.Null(gate.RefusalOf(Key("bad")));
        Assert.Equal("ok", await AnswersAsync(gate, "good"));
    }

    [Fact]
    public async Task A_key_that_says_when_to_come_back_is_believed_at_once_but_not_for_ever_and_no_other_key_hears_of_it()
    {
        var gate = new StoreGate(new StoreGateOptions(), time);
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Throttled, "slow") { RetryAfter = TimeSpan.FromDays(1) }, "bad");
        var refusal = gate.RefusalOf(Key("bad"));
        Assert.Equal(("slow", TimeSpan.FromMinutes(10)), (refusal?.Message, refusal?.RetryAfter));
        Assert.Null(gate.RefusalOf(Key("good")));
        Assert.Equal((false, TimeSpan.Zero), (gate.IsPaused, gate.AskedPatience));
        Assert.Equal("ok", await AnswersAsync(gate, "good"));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(gate.RefusalOf(Key("bad")));
    }

    [Fact]
    public async Task A_key_that_fails_again_and_again_is_left_alone_in_its_own_words_and_may_fail_afresh_once_it_was_answered()
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 3, Pause = TimeSpan.FromSeconds(30) }, time);
        for (var i = 0; i < 2; i++) await FailsAsync(gate, Down, "bad");
        Assert.Null(gate.RefusalOf(Key("bad")));
        await FailsAsync(gate, Down, "bad");
        Assert.Equal(("down", TimeSpan.FromSeconds(30), false), (gate.RefusalOf(Key("bad"))!.Message, gate.RefusalOf(Key("bad"))!.RetryAfter, gate.IsPaused));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(gate.RefusalOf(Key("bad")));
        await AnswersAsync(gate, "bad");
        await FailsAsync(gate, Down, "bad");
        Assert.Null(gate.RefusalOf(Key("bad")));
    }

    /// <summary>What a tenant has got wrong fails for ever, and every probe may be his.</summary>
    [Fact]
    public async Task Ten_keys_that_fail_for_ever_close_the_store_to_no_key_that_is_answered_or_that_is_new()
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 5, Pause = TimeSpan.FromSeconds(30) }, time);
        await AnswersAsync(gate, "good");
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 10; i++) await FailsAsync(gate, Down, $"bad{i}");
            Assert.Equal("ok", await AnswersAsync(gate, round % 2 == 0 ? "good" : $"new{round}"));
            time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task Where_one_fails_that_was_answered_before_the_store_is_closed_to_all_and_asked_now_and_then()
    {
        var gate = new StoreGate(new StoreGateOptions { FailuresToOpen = 2, Pause = TimeSpan.FromSeconds(30) }, time);
        foreach (var key in (string[])["a", "b"]) await AnswersAsync(gate, key);
        for (var i = 0; i < 2; i++) await FailsAsync(gate, Down, $"bad{i}");
        calls = 0;
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Throttled, "slow") { RetryAfter = TimeSpan.FromMinutes(2) }, "a");
        Assert.StartsWith("the store has been asking for patience", (await FailsAsync(gate, Down, "b")).Message, StringComparison.Ordinal);
        Assert.Equal((1, TimeSpan.FromMinutes(2)), (calls, gate.AskedPatience));
        time.Advance(TimeSpan.FromMinutes(2));
        // A key that fails anyway may be the one that finds out: that says nothing to those that were answered.
        await FailsAsync(gate, Down, "bad0");
        Assert.Equal("ok", await AnswersAsync(gate, "b"));
    }

    [Fact]
    public async Task Of_keys_that_fail_no_more_are_remembered_than_told()
    {
        var gate = new StoreGate(new StoreGateOptions { KeysRemembered = 2, FailuresToOpen = 100 }, time);
        foreach (var key in (string[])["a", "b", "c"]) await FailsAsync(gate, new ProviderException(ProviderFailureKind.Throttled, "slow") { RetryAfter = TimeSpan.FromMinutes(1) }, key);
        Assert.Equal([true, false, false], ((string[])["a", "b", "c"]).Select(key => gate.RefusalOf(Key(key)) is null));
    }

    [Fact]
    public async Task Beyond_so_many_at_once_no_more_calls_a_second_go_out_than_told_and_a_failure_is_a_call_too()
    {
        var gate = new StoreGate(new StoreGateOptions { CallsPerSecond = 2, Burst = 2 }, time);
        await FailsAsync(gate, new ProviderException(ProviderFailureKind.Denied, "no"), "bad");
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

    private static ProviderException Down => new(ProviderFailureKind.Unavailable, "down");

    private static AnswerKey Key(string name) => new(1, null, name);

    private static Task<string> AnswersAsync(StoreGate gate, string key) => gate.CallAsync([Key(key)], _ => Task.FromResult("ok"), CancellationToken.None);

    private Task<int> CallAsync(StoreGate gate) => gate.CallAsync([Key("good")], _ => Task.FromResult(++calls), CancellationToken.None);

    private Task<ProviderException> FailsAsync(StoreGate gate, ProviderException failure, string key) => Assert.ThrowsAsync<ProviderException>(() => gate.CallAsync<string>([Key(key)], _ =>
    {
        calls++;
        throw failure;
    }, CancellationToken.None));
}
