namespace GitOpsSecrets.Sops.Age;

/// <summary>An age file, identity or recipient that cannot be used. The message never quotes keys or plaintext.</summary>
public sealed class AgeException : Exception
{
    public AgeException(AgeFailure failure, string message)
        : base(message) => Failure = failure;

    public AgeFailure Failure { get; }
}
