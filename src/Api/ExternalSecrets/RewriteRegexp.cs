namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Replaces what a regular expression finds in a key.</summary>
public sealed record RewriteRegexp
{
    /// <summary>Regular expression (RE2).</summary>
    public required string Source { get; init; }

    /// <summary>What replaces each find; $1 or ${name} stands for a group.</summary>
    public required string Target { get; init; }
}
