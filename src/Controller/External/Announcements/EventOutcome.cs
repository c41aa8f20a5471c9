namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>What became of a request.</summary>
/// <param name="Name">As the metric has it.</param>
/// <param name="Status">Of the answer; 0 when it was answered already.</param>
internal readonly record struct EventOutcome(string Name, int Status)
{
    public static readonly EventOutcome Accepted = new("accepted", StatusCodes.Status202Accepted);
    public static readonly EventOutcome Answered = new("handshake", 0);
    public static readonly EventOutcome Malformed = new("malformed", StatusCodes.Status400BadRequest);
    public static readonly EventOutcome NotGenuine = new("refused", StatusCodes.Status401Unauthorized);
    public static readonly EventOutcome Seen = new("replayed", StatusCodes.Status409Conflict);
    public static readonly EventOutcome TooSlow = new("slow", StatusCodes.Status408RequestTimeout);
    public static readonly EventOutcome TooLarge = new("large", StatusCodes.Status413PayloadTooLarge);
    public static readonly EventOutcome NotJson = new("malformed", StatusCodes.Status415UnsupportedMediaType);
    public static readonly EventOutcome Limited = new("limited", 0);
    public static readonly EventOutcome Unavailable = new("unavailable", StatusCodes.Status503ServiceUnavailable);
}
