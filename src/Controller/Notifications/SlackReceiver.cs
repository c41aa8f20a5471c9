using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>An incoming webhook of Slack, and of what imitates it (Mattermost, Rocket.Chat).</summary>
internal sealed class SlackReceiver(HttpClient http, ReceiverOptions options) : HttpReceiver(http, options)
{
    protected override Task FillAsync(HttpRequestMessage request, Notification notification, CancellationToken cancellationToken)
    {
        var sign = notification.Kind switch { NotificationKind.Failure => ":x:", NotificationKind.Recovery => ":white_check_mark:", _ => ":warning:" };
        var text = notification.Message.Length == 0 ? $"{sign} *{Escape(notification.Summary)}*" : $"{sign} *{Escape(notification.Summary)}*\n{Escape(notification.Message)}";
        request.Content = Json(new JsonObject { ["text"] = text });
        return Task.CompletedTask;
    }

    /// <summary>The three characters that have a meaning; without them a message could ping a channel.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
