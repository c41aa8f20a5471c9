namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Who is told what.</summary>
internal sealed record NotificationOptions
{
    /// <summary>After which time the same trouble is told again; zero for never.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(24);

    public IReadOnlyList<ReceiverOptions> Receivers { get; init; } = [];
}
