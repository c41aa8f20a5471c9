using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// Writes core/v1 Events, in the background and never in anybody's way: equal ones are counted up, one object cannot flood, what
/// cannot be written is dropped and counted.
/// </summary>
internal sealed class EventRecorder
{
    public const int LongestMessage = 1024;

    private const int LongestName = 253;

    private readonly KubeClient client;
    private readonly EventRecorderOptions options;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly KubeKind<CoreEvent> events = KubeKind.Of(new KubeResource("", "v1", "events"), KubeJson.Default.CoreEvent, item => item.Metadata);
    private readonly Channel<PendingEvent> pending;
    private readonly RecentMap<PendingEvent, WrittenEvent> written;
    private readonly RecentMap<EventSubject, RequestRate> rates;
    private long dropped;
    private int serial;

    public EventRecorder(KubeClient client, EventRecorderOptions options, TimeProvider timeProvider, ILogger logger)
    {
        this.client = client;
        this.options = options;
        this.timeProvider = timeProvider;
        this.logger = logger;
        pending = Channel.CreateBounded<PendingEvent>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        written = new(options.Remembered);
        rates = new(options.Remembered);
    }

    /// <summary>Events that were not written: too many waiting, too many about one object, or refused.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Tells an event. Returns at once; thread-safe.</summary>
    /// <param name="message">At most 1024 characters are kept. Nothing secret.</param>
    public void Record(EventSubject subject, EventType type, string reason, string message)
    {
        if (!pending.Writer.TryWrite(new PendingEvent(subject, type, reason, Shorten(message))))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    /// <summary>Writes events until cancelled, then what is still waiting, within the grace period.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var grace = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        await using var onStop = cancellationToken.Register(() =>
        {
            grace.CancelAfter(options.GracePeriod);
            pending.Writer.TryComplete();
        });
        try
        {
            await foreach (var item in pending.Reader.ReadAllAsync(grace.Token))
            {
                await WriteAsync(item, grace.Token);
            }
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            Interlocked.Add(ref dropped, pending.Reader.Count);
        }
    }

    private async Task WriteAsync(PendingEvent item, CancellationToken cancellationToken)
    {
        var identity = item.Identity;
        if (!MayWrite(identity.Subject))
        {
            Interlocked.Increment(ref dropped);
            return;
        }

        try
        {
            var known = written.TryGet(identity, out var last) && timeProvider.GetElapsedTime(last.At) < options.Window ? last : null;
            var result = known is null ? null : await CountUpAsync(item, known, cancellationToken);
            result ??= await client.CreateAsync(events, NewEvent(item), cancellationToken);
            written.Set(identity, new WrittenEvent(result.Metadata.Name ?? "", result.Count ?? 1, timeProvider.GetTimestamp()));
        }
        catch (Exception exception) when (exception is KubeApiException or KubeTransportException)
        {
            Interlocked.Increment(ref dropped);
            if (exception is not KubeApiException { IsNamespaceEnding: true }) KubeLog.EventLost(logger, item.Reason, item.Subject.Namespace, item.Subject.Name, KubeFailure.Describe(exception));
        }
    }

    private bool MayWrite(EventSubject subject)
    {
        if (!rates.TryGet(subject, out var rate))
        {
            rate = new RequestRate(1 / options.Refill.TotalSeconds, options.Burst, timeProvider);
            rates.Set(subject, rate);
        }

        return rate.TryTake();
    }

    /// <summary>One more of the same; <c>null</c> when the API server has forgotten the event, as it does after an hour.</summary>
    private async Task<CoreEvent?> CountUpAsync(PendingEvent item, WrittenEvent known, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["count"] = known.Count + 1, ["lastTimestamp"] = Now() };
        try
        {
            return await client.PatchAsync(events, new NamespacedName(NamespaceOf(item.Subject), known.Name), patch, cancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private CoreEvent NewEvent(PendingEvent item)
    {
        var now = Now();
        var suffix = string.Create(CultureInfo.InvariantCulture, $".{timeProvider.GetUtcNow().UtcTicks:x}{Interlocked.Increment(ref serial) & 0xff:x2}");
        var name = item.Subject.Name.Length + suffix.Length > LongestName ? item.Subject.Name[..(LongestName - suffix.Length)] : item.Subject.Name;
        return new CoreEvent
        {
            Metadata = new ObjectMeta { Name = name.TrimEnd('.', '-') + suffix, Namespace = NamespaceOf(item.Subject) },
            InvolvedObject = item.Subject,
            Type = item.Type.ToString(),
            Reason = item.Reason,
            Message = item.Message,
            Source = new EventSource { Component = options.Component },
            ReportingComponent = options.Component,
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
    }

    /// <summary>Events about cluster-wide objects live in "default".</summary>
    private static string NamespaceOf(EventSubject subject) => string.IsNullOrEmpty(subject.Namespace) ? "default" : subject.Namespace;

    private string Now() => timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Shorten(string message)
    {
        if (message.Length <= LongestMessage)
        {
            return message;
        }

        // Not between the halves of a surrogate pair: half of one is no character, and the API server would refuse the event.
        var end = LongestMessage - 1;
        end -= char.IsHighSurrogate(message[end - 1]) ? 1 : 0;
        return string.Concat(message.AsSpan(0, end), "…");
    }

    /// <summary>Of an event that was written, what it takes to count it up: thousands are remembered.</summary>
    private sealed record WrittenEvent(string Name, int Count, long At);
}
