using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Brings notifications to one receiver: what it wants, no faster than it wants, again when it did not take them.</summary>
internal sealed class ReceiverLoop(ReceiverOptions options, INotificationReceiver receiver, Metrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    public const int Tries = 5;
    private const int Capacity = 1000;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);

    private readonly Outbox outbox = new(Capacity);
    private readonly RequestRate rate = new(options.PerMinute / 60.0, options.PerMinute, time);

    /// <summary>Notifications that wait for their turn.</summary>
    public int Waiting => outbox.Count;

    public void Offer(Notification notification)
    {
        if (!options.Events.Contains(notification.Kind)) return;
        if (options.Namespaces.Count > 0 && !options.Namespaces.Contains(notification.Outcome.Key.Namespace, StringComparer.Ordinal)) return;
        var dropped = outbox.Add(notification);
        if (dropped > 0) metrics.Notifications.WithLabels(options.Name, "dropped").Inc(dropped);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await outbox.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (outbox.Count == 0) continue;
            await rate.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (outbox.TryTake() is { } notification) await SendAsync(notification, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => outbox.Dispose();

    private async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        var retry = FirstRetry;
        for (var i = 1; ; i++)
        {
            try
            {
                await receiver.SendAsync(notification, cancellationToken).ConfigureAwait(false);
                metrics.Notifications.WithLabels(options.Name, "sent").Inc();
                return;
            }
            catch (NotificationException failure) when (!failure.IsFinal && i < Tries)
            {
                NotificationLog.TriedAgain(logger, options.Name, failure.Message, (long)retry.TotalMilliseconds);
                await Task.Delay(retry, time, cancellationToken).ConfigureAwait(false);
                retry *= 2;
            }
            catch (NotificationException failure)
            {
                NotificationLog.Lost(logger, options.Name, failure.Message);
                metrics.Notifications.WithLabels(options.Name, "lost").Inc();
                return;
            }
        }
    }
}
