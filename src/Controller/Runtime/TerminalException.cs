namespace GitOpsSecrets.Controller.Runtime;

/// <summary>A failure that only a change of some object can cure: the key is not retried until one is seen. Holds nothing secret.</summary>
internal sealed class TerminalException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>When to try again all the same: for what changes without an object of ours.</summary>
    public TimeSpan? LookAgain { get; init; }
}
