namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Reasons and messages in the original's words.</summary>
internal static class PushReasons
{
    public const string Synced = "Synced";
    public const string Errored = "Errored";
    public const string SourceDeleted = "SourceDeleted";

    public const string Success = "PushSecret synced successfully";
    public const string SuccessIfNotExists = Success + ". Existing secrets in providers unchanged.";
    public const string NoSource = "could not get source secret";
    public const string CleanedUp = "source secret deleted; provider secrets cleaned up";
    public const string SetFailed = "set secret failed";
    public const string DeleteFailed = "Failed to Delete Secrets from Provider";

    public const string NothingToPush = "; spec has neither data nor dataTo, so nothing is pushed";

    /// <summary>Behind a message of success: what JSON cannot hold as it is.</summary>
    public static string NoText(IReadOnlyCollection<string> items) => items.Count == 0 ? "" : $"; pushed with U+FFFD for what is no text: {string.Join(", ", items)}";
}
