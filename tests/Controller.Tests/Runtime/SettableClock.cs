using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>Virtual time whose time of day can be set, as people and NTP set it, while timers and timestamps run on.</summary>
internal sealed class SettableClock(FakeTimeProvider time) : TimeProvider
{
    private long offset;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long TimestampFrequency => time.TimestampFrequency;

    public void Set(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + new TimeSpan(Interlocked.Read(ref offset));

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
