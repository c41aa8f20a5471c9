using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>The Events API v2 of PagerDuty: one incident an object, which its recovery resolves.</summary>
internal sealed class PagerDutyReceiver(HttpClient http, ReceiverOptions options) : HttpReceiver(http, options)
{
    protected override async Task FillAsync(HttpRequestMessage request, Notification notification, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["routing_key"] = await CredentialText.ReadAsync(Options.CredentialFile!, cancellationToken).ConfigureAwait(false),
            ["event_action"] = notification.Kind == NotificationKind.Recovery ? "resolve" : "trigger",
            ["dedup_key"] = "gitopssecrets/" + notification.Subject,
        };
        if (notification.Kind != NotificationKind.Recovery)
        {
            body["payload"] = new JsonObject
            {
                ["summary"] = notification.Summary,
                ["source"] = notification.Outcome.Key.ToString(),
                ["severity"] = notification.Kind == NotificationKind.Failure ? "error" : "warning",
                ["timestamp"] = Time(notification.At),
                ["component"] = "gitopssecrets",
                ["class"] = notification.Outcome.Reason,
                ["custom_details"] = new JsonObject { ["message"] = notification.Message },
            };
        }
        request.Content = Json(body);
    }
}
