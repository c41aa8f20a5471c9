using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>
/// A clock that the test turns and that knows who sleeps by it. Turned only while everybody sleeps, it makes a test
/// independent of how fast anybody works; turned at any moment, it may pass a timer that is about to be set.
/// </summary>
internal sealed class SleepersTime : FakeTimeProvider
{
    private readonly ConcurrentDictionary<Sleep, TimeSpan> sleeps = new();
    private int timesSet;

    /// <summary>The time that <see cref="TimesSet"/> counts.</summary>
    public TimeSpan Watched { get; init; }

    /// <summary>How often a timer was set to <see cref="Watched"/>; each runs when it is counted.</summary>
    public int TimesSet => Volatile.Read(ref timesSet);

    /// <summary>Timers that run and were set to a time between the two.</summary>
    public int Sleepers(TimeSpan atLeast, TimeSpan atMost) => sleeps.Values.Count(due => due >= atLeast && due <= atMost);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var sleep = new Sleep(this);
        sleep.Set(dueTime, () => sleep.Timer = base.CreateTimer(
            inner =>
            {
                sleep.Fire();
                callback(inner);
            },
            state, dueTime, period));
        return sleep;
    }

    private sealed class Sleep(SleepersTime clock) : ITimer
    {
        private readonly Lock gate = new();
        private int begun;
        private int over;

        public ITimer? Timer { get; set; }

        /// <summary>Sets the timer, and only then lets it be seen.</summary>
        public void Set(TimeSpan dueTime, Action set)
        {
            var mine = Interlocked.Increment(ref begun);
            set();
            lock (gate)
            {
                if (over < mine && dueTime != Timeout.InfiniteTimeSpan) clock.sleeps[this] = dueTime;
                else clock.sleeps.TryRemove(this, out _);
            }

            if (dueTime == clock.Watched) Interlocked.Increment(ref clock.timesSet);
        }

        public void Fire()
        {
            lock (gate)
            {
                over = begun;
                clock.sleeps.TryRemove(this, out _);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = false;
            Set(dueTime, () => changed = Timer!.Change(dueTime, period));
            return changed;
        }

        public void Dispose()
        {
            Fire();
            Timer?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
