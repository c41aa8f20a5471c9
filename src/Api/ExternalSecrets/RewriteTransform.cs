namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Makes a key anew.</summary>
public sealed record RewriteTransform
{
    /// <summary>Go template; .value is the key.</summary>
    public required string Template { get; init; }
}
