namespace GitOpsSecrets.Controller.Sops;

/// <summary>A SopsSecret cannot be opened, or must not be, until it or a key changes. The message holds no value: it goes into status and event.</summary>
/// <param name="reason">One of <see cref="SopsReason"/>.</param>
internal sealed class SopsRefusedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>Whether something may change that no watch tells of: a right that a service gives, a service that comes back.</summary>
    public bool MayPass { get; init; }
}
