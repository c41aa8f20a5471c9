namespace GitOpsSecrets.Controller.Notifications;

/// <summary>One receiver: what it wants, how often, and how it is reached.</summary>
internal sealed record ReceiverOptions
{
    public required string Name { get; init; }

    public required ReceiverType Type { get; init; }

    /// <summary>What it wants to hear; a recovery is of use only to who heard of the failure.</summary>
    public IReadOnlyList<NotificationKind> Events { get; init; } = [NotificationKind.Failure, NotificationKind.Recovery, NotificationKind.Warning];

    /// <summary>Of which namespaces; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>How many it takes in a minute, and at once.</summary>
    public int PerMinute { get; init; } = 10;

    /// <summary>Slack, webhook, PagerDuty: where to. One of this and <see cref="UrlFile"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>A file with the address, when that is a credential in itself, as with Slack.</summary>
    public string? UrlFile { get; init; }

    /// <summary>Webhook: a file with a bearer token. PagerDuty: with the routing key. Mail: with the password.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>Webhook: CloudEvents in the binary mode, attributes in headers.</summary>
    public bool Binary { get; init; }

    /// <summary>Mail: the server, the user to log in as if there is a password, from whom and to whom.</summary>
    public string Host { get; init; } = "";
    public int Port { get; init; } = 587;
    public bool StartTls { get; init; } = true;
    public string Username { get; init; } = "";
    public string From { get; init; } = "";
    public IReadOnlyList<string> To { get; init; } = [];
}
