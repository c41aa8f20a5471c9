using CsCheck;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>Random documents: all types, awkward texts, comments in maps and lists.</summary>
internal static class DocumentGen
{
    private static readonly string[] Awkward =
    [
        "", " ", "x", "yes", "null", "~", "0755", "1e3", "2024-01-01", "a: b", "a #b", "#", "- x", "-", "--- x", "...", "<<", "=", "|", "'", "\"", "\\n", "\t", "x\ty",
        "a\nb", "a\nb\n", "a\n\n", "\n", "\n\n", "\nx", " a\nb", "a \nb", "a\n b", "a\n\tb", "\ta\nb", "a\nb ", "a\r\nb", "\r", "\0", "\u0085", "\u2028", "\uFEFF", "é", "世界", "🔐", "ENC[AES256_GCM,x]", "%", "@x", "`", "!x", "&x", "*x", "{x}", "[x]", "?", "? x", ":", "x:", ",", "0x1F", "1_0", "1:30", ".inf", "12:30:45", "{", "a,b", "[]", "\u00A0", "x\u00A0",
    ];

    private const string Signs = "a \n:#-\t\"'";

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Int[0, Awkward.Length - 1].Select(i => Awkward[i]),
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.String[Gen.Int[0, Signs.Length - 1].Select(i => Signs[i]), 0, 8]);

    private static readonly Gen<string> Keys = Texts.Where(t => t != "sops");

    private static readonly Gen<DocumentNode> Scalars = Gen.OneOf<DocumentNode>(
        Texts.Select(t => (DocumentNode)ScalarNode.Text(t)),
        Texts.Select(t => (DocumentNode)ScalarNode.Text(t)),
        Gen.Long.Select(v => (DocumentNode)ScalarNode.Whole(v)),
        Gen.Bool.Select(v => (DocumentNode)ScalarNode.Boolean(v)),
        Gen.Const(() => (DocumentNode)ScalarNode.Null));

    /// <summary>One line, as a reader finds it.</summary>
    private static readonly Gen<CommentNode> Comments = Gen.String[Gen.Char[' ', '~'], 0, 10].Select(t => new CommentNode(t));

    public static Gen<MapNode> Map { get; } = Maps(3);

    /// <summary>A text that two trees share if and only if they mean the same. Wholly without layout, comments included.</summary>
    public static string Describe(DocumentNode node) => node switch
    {
        MapNode map => "{" + string.Join(",", map.Entries.Select(e => e.IsComment ? Describe(e.Value) : $"{Quote(e.Key)}={Describe(e.Value)}")) + "}",
        ListNode list => "[" + string.Join(",", list.Items.Select(Describe)) + "]",
        ScalarNode scalar => scalar.Kind + Quote(Convert.ToHexString(scalar.Bytes)),
        CommentNode comment => "#" + Quote(comment.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    private static string Quote(string text) => "<" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text)) + ">";

    private static Gen<DocumentNode> Nodes(int depth) => depth == 0
        ? Scalars
        : Gen.OneOf(Scalars, Scalars, Maps(depth - 1).Select(m => (DocumentNode)m), Lists(depth - 1).Select(l => (DocumentNode)l));

    private static Gen<MapNode> Maps(int depth) =>
        Gen.Select(Gen.Select(Keys, Nodes(depth), Comments.Array[0, 1]).Array[0, 5], Gen.Bool).Select((entries, comments) =>
        {
            var map = new MapNode();
            foreach (var (key, value, before) in entries.DistinctBy(e => e.Item1))
            {
                // A comment needs an entry behind it to be told from one of the container outside; and an empty flow has no room for it.
                if (comments && value is ScalarNode) foreach (var comment in before) map.Add(comment.Clone());
                map.Add(key, value.Clone());
            }
            return map;
        });

    private static Gen<ListNode> Lists(int depth) => Nodes(depth).Array[0, 4].Select(items => new ListNode(items.Select(i => WithoutLeadingComments(i.Clone()))));

    /// <summary>What stands before the first entry of a list's item is written, and so read, before the item.</summary>
    private static DocumentNode WithoutLeadingComments(DocumentNode item)
    {
        if (item is MapNode map)
        {
            while (map.Entries.Count > 0 && map.Entries[0].IsComment) map.Entries.RemoveAt(0);
        }
        return item;
    }
}
