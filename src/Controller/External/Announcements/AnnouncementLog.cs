namespace GitOpsSecrets.Controller.External.Announcements;

internal static partial class AnnouncementLog
{
    [LoggerMessage(LogLevel.Information, "events are taken at {Address}")]
    public static partial void Listening(ILogger logger, Uri? address);

    [LoggerMessage(LogLevel.Debug, "{Source} told of {Count} changed secrets")]
    public static partial void Accepted(ILogger logger, string source, int count);

    [LoggerMessage(LogLevel.Warning, "cannot tell whether an event of {Source} is genuine: {Reason}")]
    public static partial void CannotTell(ILogger logger, string source, string reason);
}
