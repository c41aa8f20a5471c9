namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>Who writes: the field manager, in which version and through which subresource.</summary>
internal sealed record FieldWriter(string Manager, string ApiVersion, string Subresource);
