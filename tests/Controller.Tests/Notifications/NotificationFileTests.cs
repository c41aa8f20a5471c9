using GitOpsSecrets.Controller.Notifications;

namespace GitOpsSecrets.Controller.Tests.Notifications;

public sealed class NotificationFileTests
{
    [Fact]
    public void The_file_of_the_documentation_is_understood_whole()
    {
        var page = File.ReadAllText(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "notifications.md"));
        var text = string.Join('\n', page.Split('\n').SkipWhile(line => line != "    notifications:").TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line.Length > 4 ? line[4..] : ""));
        var options = NotificationFile.Parse(text, out var problems);
        Assert.Empty(problems);
        Assert.Equal([ReceiverType.Slack, ReceiverType.Webhook, ReceiverType.PagerDuty, ReceiverType.Mail], options.Receivers.Select(receiver => receiver.Type));
        Assert.Equal(TimeSpan.FromHours(12), options.Repeat);
        Assert.Equal(["shop"], options.Receivers[0].Namespaces);
        Assert.DoesNotContain(NotificationKind.Warning, options.Receivers[2].Events);
    }

    [Theory]
    [InlineData("x: 1", "notifications: expected a map")]
    [InlineData("notifications: {}", "notifications.receivers: nobody to tell")]
    [InlineData("notifications: {receivers: [{name: a, slack: {url: x}}]}", "notifications.receivers[0].slack.url: not known")]
    [InlineData("notifications: {receivers: [{name: a, slack: {}}]}", "notifications.receivers[0].slack.urlFile: missing")]
    [InlineData("notifications: {receivers: [{name: a}]}", "notifications.receivers[0]: expected one of")]
    [InlineData("notifications: {receivers: [{name: a, slack: {urlFile: f}}, {name: a, slack: {urlFile: f}}]}", "notifications.receivers: two are called a")]
    [InlineData("notifications: {repeat: 1d, receivers: [{name: a, slack: {urlFile: f}}]}", "notifications.repeat: expected")]
    [InlineData("notifications: {receivers: [{name: a, webhook: {url: ftp://x}}]}", "notifications.receivers[0].webhook.url: not an address")]
    [InlineData("notifications: {receivers: [{name: a, events: [all], slack: {urlFile: f}}]}", "notifications.receivers[0].events: expected")]
    [InlineData("notifications: {receivers: [{name: a, mail: {host: h, from: a@b, to: [c@d], username: u, passwordFile: f, startTls: false}}]}", "a password is sent only with startTls")]
    [InlineData("notifications: {receivers: [{name: a, perMinute: 0, slack: {urlFile: f}}]}", "notifications.receivers[0].perMinute: expected")]
    public void What_is_wrong_is_named(string text, string problem)
    {
        NotificationFile.Parse(text, out var problems);
        Assert.Contains(problems, found => found.StartsWith(problem, StringComparison.Ordinal) || found.EndsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_section_may_stand_in_the_file_of_settings()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "log-level: DEBUG\nnotifications: {receivers: [{name: a, slack: {urlFile: f}}]}\n", TestContext.Current.CancellationToken);
            var options = ControllerOptions.Load(["--config", path], new Dictionary<string, string>(), out var problems);
            Assert.Empty(problems);
            Assert.Equal("a", Assert.Single(options.Notifications.Receivers).Name);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_stops_the_start()
    {
        ControllerOptions.Load(["--notifications-file", "/nowhere/at/all"], new Dictionary<string, string>(), out var problems);
        Assert.Contains("cannot be read", Assert.Single(problems), StringComparison.Ordinal);
    }
}
