using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Providers;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

public sealed class AnswerCacheTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Fact]
    public void Who_asks_the_same_in_time_shares_the_answer_also_before_it_is_there()
    {
        var cache = new AnswerCache(1000, time);
        var first = cache.Take(Key("k"), time.GetUtcNow(), Hour, out var isNew);
        Assert.True(isNew);
        Assert.Same(first, cache.Take(Key("k"), time.GetUtcNow(), Hour, out isNew));
        Assert.False(isNew);
        Assert.NotSame(first, cache.Take(Key("k", source: 2), time.GetUtcNow(), Hour, out isNew));
        Assert.True(isNew);
    }

    [Fact]
    public void An_answer_that_was_asked_for_too_early_will_not_do()
    {
        var cache = new AnswerCache(1000, time);
        Complete(cache, "k", "v");
        time.Advance(TimeSpan.FromMinutes(10));
        cache.Take(Key("k"), time.GetUtcNow() - TimeSpan.FromMinutes(10), Hour, out var isNew);
        Assert.False(isNew);
        cache.Take(Key("k"), time.GetUtcNow() - TimeSpan.FromMinutes(9), Hour, out isNew);
        Assert.True(isNew);
    }

    [Fact]
    public void Failures_and_absences_are_not_kept()
    {
        var cache = new AnswerCache(1000, time);
        var failed = cache.Take(Key("failed"), time.GetUtcNow(), Hour, out _);
        failed.Fail(new ProviderException(ProviderFailureKind.Denied, "no"));
        cache.Settle(Key("failed"), failed);
        var absent = cache.Take(Key("absent"), time.GetUtcNow(), Hour, out _);
        absent.Complete(new FetchedValues(null, null));
        cache.Settle(Key("absent"), absent);
        Assert.Equal((0, 0), (cache.Count, cache.Size));
    }

    [Fact]
    public void Memory_is_bounded_and_what_is_pushed_out_is_zeroed_when_its_last_reader_is_through()
    {
        var cache = new AnswerCache(400, time);
        var (first, bytes) = Complete(cache, "first", new string('x', 100));
        Complete(cache, "second", new string('y', 100)).Answer.Release();
        Assert.Equal(1, cache.Count);
        Assert.Equal((byte)'x', bytes[0]);
        first.Release();
        Assert.All(bytes, value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_nobody_wants_any_more_is_swept_away()
    {
        var cache = new AnswerCache(1000, time);
        var (answer, bytes) = Complete(cache, "k", "v");
        answer.Release();
        time.Advance(Hour + Hour);
        cache.Sweep();
        Assert.Equal((0, 0), (cache.Count, (int)bytes[0]));
    }

    [Fact]
    public void A_closed_store_takes_its_answers_with_it()
    {
        var cache = new AnswerCache(1000, time);
        Complete(cache, "k", "v");
        cache.Forget(2);
        Assert.Equal(1, cache.Count);
        cache.Forget(1);
        Assert.Equal((0, 0), (cache.Count, cache.Size));
    }

    private static AnswerKey Key(string key, long source = 1) => new(source, new RemoteRequest(key, null, false));

    private (Answer Answer, byte[] Bytes) Complete(AnswerCache cache, string key, string value)
    {
        var answer = cache.Take(Key(key), time.GetUtcNow(), Hour, out _);
        var bytes = System.Text.Encoding.UTF8.GetBytes(value);
        answer.Complete(new FetchedValues(new ScriptedProvider.Text(bytes), null));
        cache.Settle(Key(key), answer);
        return (answer, bytes);
    }
}
