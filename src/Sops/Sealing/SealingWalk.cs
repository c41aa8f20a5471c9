using System.Text;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Sealing;

/// <summary>Encrypts every leaf that the rule says is to be, and hashes what goes in.</summary>
/// <param name="rule">Which leaves.</param>
/// <param name="cipher">Under the file's data key.</param>
/// <param name="mac">Takes all values in order.</param>
/// <param name="ivs">Gives unchanged values the bytes they had.</param>
/// <param name="format">Only binary holds bytes that are not text.</param>
internal sealed class SealingWalk(SelectionRule rule, ValueCipher cipher, DocumentMac mac, IvMemory ivs, SopsFormat format) : TreeWalk(rule)
{
    private readonly SelectionRule _rule = rule;

    protected override DocumentNode Visit(ScalarNode scalar, bool encrypted, bool inList)
    {
        mac.Add(scalar, encrypted);
        if (encrypted && !scalar.IsVoid) return ScalarNode.Text(Seal(scalar.Bytes, ScalarText.TypeOf(scalar.Kind)));
        if (format != SopsFormat.Binary && scalar.Kind == ScalarKind.Text && DocumentText.TryDecode(scalar.Bytes) is null)
        {
            throw new SopsException(SopsFailure.Content, $"{Place}: bytes that are not UTF-8 text can be kept encrypted only");
        }
        return scalar.Clone();
    }

    protected override DocumentNode Visit(CommentNode comment, bool encrypted, bool inList)
    {
        if (!encrypted || comment.Text.Length == 0) return comment;
        if (inList && _rule.IsCommentRule)
        {
            // It would become an item, before which the original no longer sees the comments that decide (its issue 2281).
            throw new SopsException(SopsFailure.Rule, $"{Place}: a comment inside a list cannot be encrypted under {SelectionRule.FieldName(_rule.Kind)}; move it before the list");
        }
        var sealedText = Seal(Encoding.UTF8.GetBytes(comment.Text), ScalarText.CommentType);
        if (inList) return ScalarNode.Text(sealedText);
        var result = new CommentNode(sealedText, comment.Inline);
        return _rule.Kind == SelectionKind.UnencryptedCommentRegex && _rule.IsEncrypted([], [[sealedText]], isComment: true) is false
            ? throw new SopsException(SopsFailure.Rule, $"{Place}: unencrypted_comment_regex matches an encrypted comment too, so that the file could not be decrypted")
            : result;
    }

    private string Seal(byte[] plain, string type)
    {
        var path = AdditionalData;
        return cipher.Seal(plain, path, type, ivs.Recall(path, plain)).ToString();
    }
}
