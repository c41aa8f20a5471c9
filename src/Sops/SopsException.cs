namespace GitOpsSecrets.Sops;

/// <summary>A SOPS file that cannot be used. The message names a line, a field or a key path, and never a value.</summary>
public sealed class SopsException : Exception
{
    public SopsException(SopsFailure failure, string message)
        : base(message) => Failure = failure;

    public SopsException(SopsFailure failure, string message, Exception cause)
        : base(message, cause) => Failure = failure;

    public SopsFailure Failure { get; }
}
