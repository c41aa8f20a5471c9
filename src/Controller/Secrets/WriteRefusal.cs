namespace GitOpsSecrets.Controller.Secrets;

/// <param name="Finding">Short and stable: label of a metric.</param>
/// <param name="Event">Message of the warning event, worded as the original's where it has one.</param>
/// <param name="Message">Message of the condition.</param>
internal sealed record WriteRefusal(string Finding, string Event, string Message)
{
    public const string Unmanaged = "unmanaged";
    public const string Update = "update";
}
