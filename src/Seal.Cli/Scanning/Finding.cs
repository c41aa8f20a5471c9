namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>One result of a scan. It never holds a value.</summary>
/// <param name="Rule">What was found.</param>
/// <param name="Path">Where, with forward slashes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What exactly: names, never values.</param>
internal sealed record Finding(ScanRule Rule, string Path, int Line, int Column, string Message)
{
    /// <summary>The blob that has it, in a scan of the index or the history.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The first commit that has it, in a scan of the history.</summary>
    public string? Commit { get; init; }

    public bool Fails => Rule.Level != ScanRule.Note;
}
