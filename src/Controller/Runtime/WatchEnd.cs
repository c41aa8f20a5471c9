namespace GitOpsSecrets.Controller.Runtime;

/// <summary>How a watch ended.</summary>
/// <param name="Reason">For the log.</param>
/// <param name="Events">Lines read, bookmarks included.</param>
/// <param name="ResumeFrom">Where the next watch begins; <c>null</c>: a list must come first.</param>
/// <param name="RetryAfter">How long the server asks to be left alone, if it does.</param>
/// <param name="Refused">It never began: the right to watch is missing.</param>
internal readonly record struct WatchEnd(string Reason, int Events, string? ResumeFrom, TimeSpan? RetryAfter = null, bool Refused = false);
