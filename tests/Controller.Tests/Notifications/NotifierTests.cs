using System.Text;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>Over real HTTP and SMTP on loopback: what goes out, and when.</summary>
public sealed class NotifierTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CancellationTokenSource stop = new();
    private readonly List<(Notifier Notifier, Task Running)> notifiers = [];
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private readonly StringBuilder log = new();
    private ReceivingServer web = null!;

    public async ValueTask InitializeAsync() => web = await ReceivingServer.StartAsync();

    [Fact]
    public async Task Slack_gets_a_line_that_cannot_ping_anybody()
    {
        Start("slack: {urlFile: URL}").Tell(Failed("NoKey", "no key for <!channel> & others"));
        var (_, body) = await web.NextAsync();
        Assert.Equal(":x: *SealedSecret shop/db failed: NoKey*\nno key for &lt;!channel&gt; &amp; others", (string?)body["text"]);
        Assert.Single(body);
    }

    [Fact]
    public async Task A_webhook_gets_a_structured_CloudEvent_with_its_token()
    {
        Start("webhook: {urlFile: URL, tokenFile: KEY}").Tell(Failed("NoKey", "no key"));
        var (headers, body) = await web.NextAsync();
        Assert.StartsWith("application/cloudevents+json", headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("Bearer the-credential", headers["Authorization"]);
        Assert.Equal(
            ("1.0", "io.gitopssecrets.failure", "SealedSecret/shop/db", "2026-01-02T03:04:05.000Z", "application/json"),
            ((string?)body["specversion"], (string?)body["type"], (string?)body["subject"], (string?)body["time"], (string?)body["datacontenttype"]));
        Assert.NotEmpty((string)body["id"]!);
        Assert.NotEmpty((string)body["source"]!);
        Assert.Equal(("shop", "db", "NoKey", "no key"), ((string?)body["data"]!["namespace"], (string?)body["data"]!["name"], (string?)body["data"]!["reason"], (string?)body["data"]!["message"]));
    }

    [Fact]
    public async Task A_webhook_gets_a_binary_CloudEvent_when_it_wants_one()
    {
        Start("webhook: {urlFile: URL, mode: binary}").Tell(Failed("NoKey", "no key"));
        var (headers, body) = await web.NextAsync();
        Assert.Equal(("application/json", "1.0", "io.gitopssecrets.failure", "SealedSecret/shop/db"), (headers["Content-Type"], headers["ce-specversion"], headers["ce-type"], headers["ce-subject"]));
        Assert.Equal("db", (string?)body["name"]);
    }

    [Fact]
    public async Task PagerDuty_opens_and_resolves_one_incident_an_object()
    {
        var notifier = Start($"pagerDuty: {{url: \"{web.Address}\", routingKeyFile: KEY}}");
        notifier.Tell(Failed("NoKey", "no key"));
        var (_, trigger) = await web.NextAsync();
        Assert.Equal(("the-credential", "trigger", "gitopssecrets/SealedSecret/shop/db"), ((string?)trigger["routing_key"], (string?)trigger["event_action"], (string?)trigger["dedup_key"]));
        Assert.Equal(("SealedSecret shop/db failed: NoKey", "shop/db", "error"), ((string?)trigger["payload"]!["summary"], (string?)trigger["payload"]!["source"], (string?)trigger["payload"]!["severity"]));
        notifier.Tell(Well());
        var (_, resolve) = await web.NextAsync();
        Assert.Equal(("resolve", "gitopssecrets/SealedSecret/shop/db"), ((string?)resolve["event_action"], (string?)resolve["dedup_key"]));
        Assert.Null(resolve["payload"]);
    }

    [Fact]
    public async Task A_mailbox_gets_a_mail_and_one_that_is_refused_for_good_is_not_sent_again()
    {
        await using var mail = new MailServer();
        var notifier = Start($"mail: {{host: 127.0.0.1, port: {mail.Port}, startTls: false, from: controller@example.com, to: [ops@example.com, dev@example.com]}}");
        notifier.Tell(Failed("NoKey", "no key"));
        var text = await mail.NextAsync();
        Assert.Contains("RCPT TO:<ops@example.com>", text, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<dev@example.com>", text, StringComparison.Ordinal);
        Assert.Contains("Subject: SealedSecret shop/db failed: NoKey", text, StringComparison.Ordinal);
        Assert.Contains("no key", text, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_trouble_is_sent_once_and_its_end_once()
    {
        var notifier = Start("slack: {urlFile: URL}");
        notifier.Tell(Failed("NoKey"));
        await web.NextAsync();
        notifier.Tell(Failed("NoKey"));
        notifier.Tell(Well());
        Assert.Contains("is well again", (string?)(await web.NextAsync()).Body["text"], StringComparison.Ordinal);
        notifier.Tell(Well());
        notifier.Tell(Failed("Other"));
        Assert.Contains("Other", (string?)(await web.NextAsync()).Body["text"], StringComparison.Ordinal);
        Assert.Equal(3, web.Requests);
    }

    [Fact]
    public async Task What_is_beyond_the_rate_waits_and_what_passed_meanwhile_is_not_told()
    {
        var notifier = Start("slack: {urlFile: URL}", "perMinute: 2");
        foreach (var name in new[] { "a", "b", "c", "d" }) notifier.Tell(Failed("NoKey", name: name));
        await web.NextAsync();
        await web.NextAsync();
        await Eventually.TrueAsync(() => notifier.Waiting == 2);
        notifier.Tell(Well("c"));
        await Eventually.TrueAsync(() => notifier.Waiting == 1);
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(5), () => web.Requests >= 3);
        Assert.Contains("shop/d", (string?)(await web.NextAsync()).Body["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_in_trouble_is_tried_again_and_one_that_refuses_is_not()
    {
        web.Answers.Enqueue(503);
        web.Answers.Enqueue(429);
        var notifier = Start("slack: {urlFile: URL}");
        notifier.Tell(Failed("NoKey", name: "a"));
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(1), () => web.Requests >= 3);
        await web.NextAsync();
        web.Answers.Enqueue(403);
        notifier.Tell(Failed("NoKey", name: "b"));
        notifier.Tell(Failed("NoKey", name: "c"));
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(1), () => web.Requests >= 5);
        Assert.Contains("shop/c", (string?)(await web.NextAsync()).Body["text"], StringComparison.Ordinal);
        Assert.Contains("HTTP 403", log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("in-the-address", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_hears_only_of_what_it_asked_for()
    {
        var notifier = Start("slack: {urlFile: URL}", "events: [failure], namespaces: [shop]");
        notifier.Tell(Failed("NoKey") with { Key = new NamespacedName("other", "x") });
        notifier.Tell(Failed("Soon") with { State = OutcomeState.Warning });
        notifier.Tell(Failed("NoKey", name: "b"));
        Assert.Contains("shop/b", (string?)(await web.NextAsync()).Body["text"], StringComparison.Ordinal);
        Assert.Equal(1, web.Requests);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var (notifier, running) in notifiers)
        {
            await Task.WhenAny(running);
            notifier.Dispose();
        }
        await web.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        Dispose();
    }

    public void Dispose() => stop.Dispose();

    private Notifier Start(string how, string more = "")
    {
        File.WriteAllText(Path.Combine(folder, "url"), web.Address + "\n");
        File.WriteAllText(Path.Combine(folder, "key"), "the-credential\n");
        how = how.Replace("URL", Path.Combine(folder, "url"), StringComparison.Ordinal).Replace("KEY", Path.Combine(folder, "key"), StringComparison.Ordinal);
        var options = NotificationFile.Parse($"notifications: {{receivers: [{{name: r, {how}{(more.Length > 0 ? ", " + more : "")}}}]}}", out var problems);
        Assert.Empty(problems);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new TextLoggerProvider(log)));
        var notifier = new Notifier(options, new Metrics("test"), time, loggers.CreateLogger("notifications"));
        notifiers.Add((notifier, notifier.RunAsync(stop.Token)));
        return notifier;
    }

    private static ObjectOutcome Failed(string reason, string message = "m", string name = "db") => new("SealedSecret", new NamespacedName("shop", name), OutcomeState.Failed, reason, message);

    private static ObjectOutcome Well(string name = "db") => new("SealedSecret", new NamespacedName("shop", name), OutcomeState.Well, "Unsealed");

    private sealed class TextLoggerProvider(StringBuilder text) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (text) text.AppendLine(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
