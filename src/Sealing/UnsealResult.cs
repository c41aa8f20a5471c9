using System.Diagnostics.CodeAnalysis;

namespace GitOpsSecrets.Sealing;

/// <summary>An opened Secret, or why the object does not open. Disposing it zeroes the plaintext.</summary>
public sealed class UnsealResult : IDisposable
{
    internal UnsealResult(OpenedSecret opened, int privateOperations)
    {
        Opened = opened;
        PrivateOperations = privateOperations;
    }

    internal UnsealResult(UnsealFailure failure, int privateOperations)
    {
        Failure = failure;
        PrivateOperations = privateOperations;
    }

    public OpenedSecret? Opened { get; }

    public UnsealFailure? Failure { get; }

    /// <summary>How many RSA private operations it took: the cost of opening, and the measure of trying the right key first.</summary>
    public int PrivateOperations { get; }

    [MemberNotNullWhen(true, nameof(Opened))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    public void Dispose() => Opened?.Dispose();

    public override string ToString() => Failure?.Message ?? "opened";
}
