namespace GitOpsSecrets.Sops.Documents;

/// <summary>A sealed file taken apart: documents with their values still encrypted, and the <c>sops</c> block.</summary>
internal sealed record SealedTree(IReadOnlyList<MapNode> Documents, MapNode Metadata);
