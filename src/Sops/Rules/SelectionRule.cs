using System.Text.RegularExpressions;

namespace GitOpsSecrets.Sops.Rules;

/// <summary>Which values of a document are encrypted, decided per leaf by the key names on its path or by the comments before it.</summary>
public sealed class SelectionRule
{
    private readonly Regex? _regex;

    private SelectionRule(SelectionKind kind, string pattern, Regex? regex)
    {
        Kind = kind;
        Pattern = pattern;
        _regex = regex;
    }

    /// <summary>What holds when a file names no rule: all but keys that end with <c>_unencrypted</c>.</summary>
    public static SelectionRule Default { get; } = new(SelectionKind.UnencryptedSuffix, "_unencrypted", null);

    public SelectionKind Kind { get; }

    /// <summary>A suffix or a regular expression, by <see cref="Kind"/>.</summary>
    public string Pattern { get; }

    internal bool IsCommentRule => Kind is SelectionKind.EncryptedCommentRegex or SelectionKind.UnencryptedCommentRegex;

    /// <exception cref="SopsException"><see cref="SopsFailure.Rule"/>: the pattern is no regular expression that Go and .NET read alike.</exception>
    public static SelectionRule Create(SelectionKind kind, string pattern) =>
        new(kind, pattern, kind is SelectionKind.EncryptedSuffix or SelectionKind.UnencryptedSuffix ? null : BoundedRegex.Create(pattern, FieldName(kind)));

    /// <summary>The rule's name in metadata and creation rules.</summary>
    public static string FieldName(SelectionKind kind) => kind switch
    {
        SelectionKind.UnencryptedSuffix => "unencrypted_suffix",
        SelectionKind.EncryptedSuffix => "encrypted_suffix",
        SelectionKind.UnencryptedRegex => "unencrypted_regex",
        SelectionKind.EncryptedRegex => "encrypted_regex",
        SelectionKind.UnencryptedCommentRegex => "unencrypted_comment_regex",
        SelectionKind.EncryptedCommentRegex => "encrypted_comment_regex",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <param name="path">Key names from the root to the leaf; list positions are left out.</param>
    /// <param name="comments">One list for each open container: the comments since its last entry, the leaf itself included if it is one.</param>
    /// <param name="isComment">Whether the leaf is a comment.</param>
    internal bool IsEncrypted(IReadOnlyList<string> path, IReadOnlyList<List<string>> comments, bool isComment) => Kind switch
    {
        SelectionKind.UnencryptedSuffix => !path.Any(k => k.EndsWith(Pattern, StringComparison.Ordinal)),
        SelectionKind.EncryptedSuffix => path.Any(k => k.EndsWith(Pattern, StringComparison.Ordinal)),
        SelectionKind.UnencryptedRegex => !path.Any(Matches),
        SelectionKind.EncryptedRegex => path.Any(Matches),
        SelectionKind.UnencryptedCommentRegex => !comments.Any(level => level.Any(Matches)),
        _ => IsUnderMatchingComment(comments, isComment),
    };

    /// <summary>The comment that switches encryption on stays readable itself, so a comment is judged by those before it.</summary>
    private bool IsUnderMatchingComment(IReadOnlyList<List<string>> comments, bool isComment)
    {
        for (var level = 0; level < comments.Count; level++)
        {
            var count = comments[level].Count - (isComment && level == comments.Count - 1 ? 1 : 0);
            for (var i = 0; i < count; i++)
            {
                if (Matches(comments[level][i])) return true;
            }
        }
        return false;
    }

    private bool Matches(string text) => BoundedRegex.IsMatch(_regex!, text, FieldName(Kind));
}
