using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>The object after re-sealing, and what happened to each item (the legacy form is the item <c>data</c>).</summary>
public sealed class ResealResult
{
    internal ResealResult(SealedSecret sealedSecret, IReadOnlyDictionary<string, ResealedItem> items, int privateOperations, UnsealFailure? failure)
    {
        SealedSecret = sealedSecret;
        Items = items;
        PrivateOperations = privateOperations;
        Failure = failure;
    }

    /// <summary>The input object itself when nothing changed.</summary>
    public SealedSecret SealedSecret { get; }

    public IReadOnlyDictionary<string, ResealedItem> Items { get; }

    public int PrivateOperations { get; }

    /// <summary>The items that do not open, as opening would report them; <c>null</c> when all did.</summary>
    public UnsealFailure? Failure { get; }

    public bool Changed => Items.Values.Any(item => item.Outcome == ResealOutcome.Changed);
}
