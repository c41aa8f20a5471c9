namespace GitOpsSecrets.Seal.Cli.Resealing;

/// <summary>What re-sealing an object came to.</summary>
/// <param name="Changes">Field path → new string; empty when the object was current.</param>
/// <param name="ChangedItems">Items among the changes.</param>
/// <param name="Items">Items of the object.</param>
/// <param name="Failure">Why some items do not open; they stay as they are.</param>
internal sealed record ResealedObject(IReadOnlyList<(string[] Path, string Value)> Changes, int ChangedItems, int Items, string? Failure);
