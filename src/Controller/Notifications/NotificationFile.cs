using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Flags;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Reads the section <c>notifications</c> of <c>--config</c> or of <c>--notifications-file</c>. A field that is not known is an error, as a misspelt one would be silence.</summary>
internal sealed class NotificationFile : CheckedSettings
{
    /// <summary>The key of the file; other keys are somebody else's.</summary>
    public const string Section = "notifications";

    /// <param name="path">Of the file.</param>
    /// <param name="problems">Everything that is wrong, one line each.</param>
    public static NotificationOptions Load(string path, out IReadOnlyList<string> problems)
    {
        try
        {
            return Parse(File.ReadAllText(path), out problems);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems = [$"--notifications-file {path}: cannot be read ({failure.GetType().Name})"];
            return new NotificationOptions();
        }
    }

    public static NotificationOptions Parse(string text, out IReadOnlyList<string> problems)
    {
        var file = new NotificationFile();
        problems = file.Problems;
        try
        {
            return file.Read(YamlReader.Read(text));
        }
        catch (YamlFormatException failure)
        {
            file.Problems.Add($"notifications: {failure.Message}");
            return new NotificationOptions();
        }
    }

    private NotificationOptions Read(JsonNode? root)
    {
        var section = Map((root as JsonObject)?[Section], Section, "repeat", "receivers");
        var receivers = (section["receivers"] as JsonArray ?? []).Select((item, index) => Receiver(item, $"notifications.receivers[{index}]")).OfType<ReceiverOptions>().ToList();
        if (receivers.Count == 0) Problems.Add("notifications.receivers: nobody to tell");
        foreach (var name in receivers.GroupBy(receiver => receiver.Name).Where(group => group.Count() > 1)) Problems.Add($"notifications.receivers: two are called {name.Key}");
        return new NotificationOptions { Repeat = Repeat(section), Receivers = receivers };
    }

    private TimeSpan Repeat(JsonObject section)
    {
        if (Text(section, "repeat", "notifications") is not { } text) return new NotificationOptions().Repeat;
        if (GoDuration.TryParse(text, out var repeat) && repeat >= TimeSpan.Zero) return repeat;
        Problems.Add($"notifications.repeat: expected {GoDuration.Expectation}");
        return default;
    }

    private ReceiverOptions? Receiver(JsonNode? item, string at)
    {
        var map = Map(item, at, "name", "events", "namespaces", "perMinute", "slack", "webhook", "pagerDuty", "mail");
        var name = Text(map, "name", at) ?? "";
        if (name.Length == 0) Problems.Add($"{at}.name: missing");
        string[] types = ["slack", "webhook", "pagerDuty", "mail"];
        if (types.Where(map.ContainsKey).ToList() is not [var type])
        {
            Problems.Add($"{at}: expected one of {string.Join(", ", types)}");
            return null;
        }
        var how = type switch
        {
            "slack" => Slack(map[type], $"{at}.slack"),
            "webhook" => Webhook(map[type], $"{at}.webhook"),
            "pagerDuty" => PagerDuty(map[type], $"{at}.pagerDuty"),
            _ => Mail(map[type], $"{at}.mail"),
        };
        return how with
        {
            Name = name,
            Events = Events(map, at) ?? how.Events,
            Namespaces = Texts(map, "namespaces", at) ?? [],
            PerMinute = Number(map, "perMinute", how.PerMinute, 1, 1000, at),
        };
    }

    private ReceiverOptions Slack(JsonNode? node, string at)
    {
        var map = Map(node, at, "urlFile");
        return new ReceiverOptions { Name = "", Type = ReceiverType.Slack, UrlFile = Required(map, "urlFile", at) };
    }

    private ReceiverOptions Webhook(JsonNode? node, string at)
    {
        var map = Map(node, at, "url", "urlFile", "tokenFile", "mode");
        if (map.ContainsKey("url") == map.ContainsKey("urlFile")) Problems.Add($"{at}: expected one of url, urlFile");
        var mode = Text(map, "mode", at) ?? "structured";
        if (mode is not ("structured" or "binary")) Problems.Add($"{at}.mode: expected structured or binary");
        return new ReceiverOptions
        {
            Name = "",
            Type = ReceiverType.Webhook,
            Url = Url(map, at),
            UrlFile = Text(map, "urlFile", at),
            CredentialFile = Text(map, "tokenFile", at),
            Binary = mode == "binary",
        };
    }

    private ReceiverOptions PagerDuty(JsonNode? node, string at)
    {
        var map = Map(node, at, "url", "routingKeyFile");
        return new ReceiverOptions
        {
            Name = "",
            Type = ReceiverType.PagerDuty,
            Url = Url(map, at) ?? new Uri("https://events.pagerduty.com/v2/enqueue"),
            CredentialFile = Required(map, "routingKeyFile", at),
            Events = [NotificationKind.Failure, NotificationKind.Recovery],
        };
    }

    private ReceiverOptions Mail(JsonNode? node, string at)
    {
        var map = Map(node, at, "host", "port", "startTls", "username", "passwordFile", "from", "to");
        var options = new ReceiverOptions
        {
            Name = "",
            Type = ReceiverType.Mail,
            Host = Required(map, "host", at),
            Port = Number(map, "port", 587, 1, 65535, at),
            StartTls = map["startTls"]?.GetValueKind() != JsonValueKind.False,
            Username = Text(map, "username", at) ?? "",
            CredentialFile = Text(map, "passwordFile", at),
            From = Required(map, "from", at),
            To = Texts(map, "to", at) ?? [],
        };
        if (options.To.Count == 0) Problems.Add($"{at}.to: missing");
        foreach (var address in options.To.Append(options.From).Where(address => address.Length > 0 && !System.Net.Mail.MailAddress.TryCreate(address, out _))) Problems.Add($"{at}: {address} is no mail address");
        if (options.CredentialFile is not null && !options.StartTls) Problems.Add($"{at}: a password is sent only with startTls");
        if (options.CredentialFile is null != (options.Username.Length == 0)) Problems.Add($"{at}: username and passwordFile belong together");
        return options;
    }

    private List<NotificationKind>? Events(JsonObject map, string at)
    {
        var events = new List<NotificationKind>();
        if (Texts(map, "events", at) is not { } names) return null;
        foreach (var name in names)
        {
            if (name is "failure" or "recovery" or "warning") events.Add(Enum.Parse<NotificationKind>(name, ignoreCase: true));
            else Problems.Add($"{at}.events: expected failure, recovery or warning");
        }
        return events;
    }
}
