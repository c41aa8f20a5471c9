namespace GitOpsSecrets.Sealing;

/// <summary>A failure as a value. <paramref name="Message"/> is for people, starts in lower case, and never holds secret bytes.</summary>
public sealed record SealingFailure(SealingFailureKind Kind, string Message)
{
    public override string ToString() => Message;
}
