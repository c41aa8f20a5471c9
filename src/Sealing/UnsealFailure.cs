namespace GitOpsSecrets.Sealing;

/// <summary>Why an object does not open, item by item where items are the cause.</summary>
public sealed class UnsealFailure
{
    private UnsealFailure(UnsealFailureKind kind, string message, string explanation, IReadOnlyDictionary<string, ItemFailure> items)
    {
        Kind = kind;
        Message = message;
        Explanation = explanation;
        Items = items;
    }

    /// <summary>What programs decide on. With several causes, the first of them in the order of <see cref="UnsealFailureKind"/>.</summary>
    public UnsealFailureKind Kind { get; }

    /// <summary>
    /// The original's words, for example <c>no key could decrypt secret (a, b)</c>: each distinct text once with its items in brackets,
    /// one a line. Sorted, so the same failure always reads the same.
    /// </summary>
    public string Message { get; }

    /// <summary>Our words, where causes that share a message are told apart. Sorted in the same way.</summary>
    public string Explanation { get; }

    /// <summary>The items that failed; empty when the object as a whole is the cause.</summary>
    public IReadOnlyDictionary<string, ItemFailure> Items { get; }

    /// <summary>Whether a key we do not have yet could open all that failed. Everything else needs another object, or other options.</summary>
    public bool AnotherKeyMayHelp => Items.Count > 0 && Items.Values.All(item => item.Kind == UnsealFailureKind.NoKeyMatches);

    public override string ToString() => Message;

    internal static UnsealFailure OfObject(UnsealFailureKind kind, string message, string? explanation = null) =>
        new(kind, message, explanation ?? message, new Dictionary<string, ItemFailure>());

    internal static UnsealFailure OfItems(IReadOnlyDictionary<string, ItemFailure> items) =>
        new(items.Values.Min(item => item.Kind), Group(items, item => item.Text), Group(items, item => item.Explanation), items);

    private static string Group(IReadOnlyDictionary<string, ItemFailure> items, Func<ItemFailure, string> text) =>
        string.Join('\n', items
            .GroupBy(entry => text(entry.Value), entry => entry.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} ({string.Join(", ", group.Order(StringComparer.Ordinal))})"));
}
