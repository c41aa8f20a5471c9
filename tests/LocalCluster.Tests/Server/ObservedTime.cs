using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.LocalCluster.Tests.Server;

/// <summary>A clock that stands until it is turned, and tells when somebody is about to set a timer by it.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    public Action? BeforeTimer { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        BeforeTimer?.Invoke();
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
