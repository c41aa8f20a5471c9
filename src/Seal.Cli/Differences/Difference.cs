namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>One thing that changed. Names and places only; where <see cref="From"/> and <see cref="To"/> are set, they are no secrets.</summary>
/// <param name="Change">A word for scripts, as <c>item-added</c>.</param>
/// <param name="Subject">The object, or the file's format.</param>
/// <param name="Item">The item, field or recipient.</param>
/// <param name="Text">For people.</param>
internal sealed record Difference(string Change, string Subject, string? Item, string Text)
{
    /// <summary>The <see cref="Change"/> of a side that cannot be read: whether anything differs is not known.</summary>
    public const string Unreadable = "unreadable";

    public string? From { get; init; }

    public string? To { get; init; }
}
