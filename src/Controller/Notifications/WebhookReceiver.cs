using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Anything that takes CloudEvents 1.0 over HTTP: structured (one JSON object) or binary (attributes in headers, the data as body).</summary>
internal sealed class WebhookReceiver(HttpClient http, ReceiverOptions options) : HttpReceiver(http, options)
{
    private const string Source = "/gitopssecrets/controller";
    private const string TypePrefix = "io.gitopssecrets.";

    protected override async Task FillAsync(HttpRequestMessage request, Notification notification, CancellationToken cancellationToken)
    {
        if (Options.CredentialFile is { } file)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await CredentialText.ReadAsync(file, cancellationToken).ConfigureAwait(false));
        }
        (string Name, string Value)[] attributes =
        [
            ("specversion", "1.0"),
            ("id", Id(notification)),
            ("source", Source),
            ("type", TypePrefix + notification.Kind.ToString().ToLowerInvariant()),
            ("subject", notification.Subject),
            ("time", Time(notification.At)),
        ];
        if (Options.Binary)
        {
            foreach (var (name, value) in attributes) request.Headers.Add("ce-" + name, value);
            request.Content = Json(Data(notification));
            return;
        }
        var body = new JsonObject();
        foreach (var (name, value) in attributes) body[name] = value;
        body["datacontenttype"] = "application/json";
        body["data"] = Data(notification);
        request.Content = Json(body, "application/cloudevents+json; charset=utf-8");
    }

    /// <summary>The same for each try to send the same thing, so that a receiver can drop what it has.</summary>
    private static string Id(Notification notification) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{notification.Kind}\n{notification.Subject}\n{notification.Outcome.Reason}\n{Time(notification.At)}")).AsSpan(0, 16));

    private static JsonObject Data(Notification notification) => new()
    {
        ["kind"] = notification.Outcome.Kind,
        ["namespace"] = notification.Outcome.Key.Namespace,
        ["name"] = notification.Outcome.Key.Name,
        ["reason"] = notification.Outcome.Reason,
        ["summary"] = notification.Summary,
        ["message"] = notification.Message,
    };
}
