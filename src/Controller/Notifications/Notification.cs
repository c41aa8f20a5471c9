namespace GitOpsSecrets.Controller.Notifications;

/// <summary>One thing that people are told. Names, reasons and messages of conditions; never a value.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Outcome">To which object, and why.</param>
/// <param name="At">When.</param>
internal sealed record Notification(NotificationKind Kind, ObjectOutcome Outcome, DateTimeOffset At)
{
    private const int LongestMessage = 600;

    /// <summary>The same for all that is told about one object.</summary>
    public string Subject => $"{Outcome.Kind}/{Outcome.Key}";

    /// <summary>One line.</summary>
    public string Summary => Kind switch
    {
        NotificationKind.Failure => $"{Outcome.Kind} {Outcome.Key} failed: {Outcome.Reason}",
        NotificationKind.Recovery => Outcome.Reason == ObjectOutcome.Deleted ? $"{Outcome.Kind} {Outcome.Key} was deleted" : $"{Outcome.Kind} {Outcome.Key} is well again",
        _ => $"{Outcome.Kind} {Outcome.Key}: {Outcome.Reason}",
    };

    /// <summary>One line, bounded.</summary>
    public string Message
    {
        get
        {
            var line = string.Concat(Outcome.Message.Select(c => char.IsControl(c) ? ' ' : c));
            return line.Length <= LongestMessage ? line : string.Concat(line.AsSpan(0, LongestMessage), "…");
        }
    }
}
