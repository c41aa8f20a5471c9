namespace GitOpsSecrets.Sealing;

/// <summary>What re-sealing did to one item.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="OldKey">Fingerprint of the key that opened it; <c>null</c> when none did.</param>
/// <param name="Failure">Why it does not open; only when it failed.</param>
public sealed record ResealedItem(ResealOutcome Outcome, string? OldKey, ItemFailure? Failure);
