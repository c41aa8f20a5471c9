namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Outcomes in, messages to people out. One policy for all receivers decides what is news; each receiver has its own filter, pace and patience.</summary>
internal sealed class Notifier : IDisposable
{
    private readonly Lock gate = new();
    private readonly NotificationPolicy policy;
    private readonly List<ReceiverLoop> loops;
    private readonly TimeProvider time;
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public Notifier(NotificationOptions options, Metrics metrics, TimeProvider time, ILogger logger)
    {
        this.time = time;
        policy = new NotificationPolicy(options.Repeat);
        loops = [.. options.Receivers.Select(receiver => new ReceiverLoop(receiver, Make(receiver), metrics, time, logger))];
    }

    /// <summary>Notifications that wait for their turn, of all receivers.</summary>
    public int Waiting => loops.Sum(loop => loop.Waiting);

    /// <summary>For whoever writes a status, after each pass. Returns at once; thread-safe.</summary>
    public void Tell(ObjectOutcome outcome)
    {
        if (loops.Count == 0) return;
        Notification? news;
        lock (gate) news = policy.Judge(outcome, time.GetUtcNow());
        if (news is null) return;
        foreach (var loop in loops) loop.Offer(news);
    }

    public async Task RunAsync(CancellationToken cancellationToken) => await Task.WhenAll(loops.Select(loop => loop.RunAsync(cancellationToken))).ConfigureAwait(false);

    public void Dispose()
    {
        foreach (var loop in loops) loop.Dispose();
        http.Dispose();
    }

    private INotificationReceiver Make(ReceiverOptions receiver) => receiver.Type switch
    {
        ReceiverType.Slack => new SlackReceiver(http, receiver),
        ReceiverType.Webhook => new WebhookReceiver(http, receiver),
        ReceiverType.PagerDuty => new PagerDutyReceiver(http, receiver),
        ReceiverType.Mail => new MailReceiver(receiver),
        _ => throw new ArgumentOutOfRangeException(nameof(receiver)),
    };
}
