using System.Diagnostics.CodeAnalysis;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>A SealedSecret, or why there is none.</summary>
public sealed class SealResult
{
    internal SealResult(SealedSecret sealedSecret) => SealedSecret = sealedSecret;

    internal SealResult(SealingFailure failure) => Failure = failure;

    public SealedSecret? SealedSecret { get; }

    public SealingFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(SealedSecret))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;
}
