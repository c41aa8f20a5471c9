using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Sealing;

/// <summary>Decrypts every leaf that the rule says is encrypted, and hashes what it finds.</summary>
internal sealed class OpeningWalk(SelectionRule rule, ValueCipher cipher, DocumentMac mac, IvMemory ivs) : TreeWalk(rule)
{
    private readonly List<ScalarNode> _opened = [];

    /// <summary>Overwrites what was opened before something failed.</summary>
    public void Clear()
    {
        foreach (var scalar in _opened) scalar.Clear();
    }

    protected override DocumentNode Visit(ScalarNode scalar, bool encrypted, bool inList)
    {
        if (encrypted && !scalar.IsVoid) return Open(scalar, inList);
        mac.Add(scalar, encrypted);
        return scalar.Clone();
    }

    /// <summary>Comments are not covered by the MAC. One that is clear, or sealed elsewhere, is kept as it stands: it may be older than the file.</summary>
    protected override DocumentNode Visit(CommentNode comment, bool encrypted, bool inList)
    {
        var text = Encoding.UTF8.GetBytes(comment.Text.Trim());
        if (!encrypted || SealedValue.Parse(text) is not { Type: ScalarText.CommentType } value) return comment;
        if (cipher.Open(value, AdditionalData) is not { } plain) return comment;
        ivs.Remember(AdditionalData, plain, value.Iv);
        return ToComment(plain, comment.Inline);
    }

    private DocumentNode Open(ScalarNode scalar, bool inList)
    {
        if (scalar.Kind != ScalarKind.Text || !SealedValue.LooksSealed(scalar.Bytes)) throw new SopsException(SopsFailure.Plaintext, $"{Place}: a value that must be encrypted is not");
        var value = SealedValue.Parse(scalar.Bytes) ?? throw Broken("the encrypted value is malformed");
        var plain = cipher.Open(value, AdditionalData) ?? throw Broken("the encrypted value is not authentic: it was changed, moved, or encrypted with another data key");
        ivs.Remember(AdditionalData, plain, value.Iv);
        if (value.Type == ScalarText.CommentType)
        {
            // SOPS turns a comment between list items into an item; as a map's value there is no such thing.
            return inList ? ToComment(plain, inline: false) : throw Broken("a comment where a value must be");
        }
        var opened = ScalarText.Read(value.Type, plain) ?? throw Broken("the encrypted value's type is unknown, or its text is not of that type");
        if (opened.Bytes != plain) CryptographicOperations.ZeroMemory(plain);
        mac.Add(opened, encrypted: true);
        _opened.Add(opened);
        return opened;
    }

    private static CommentNode ToComment(byte[] plain, bool inline)
    {
        var text = Encoding.UTF8.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return new CommentNode(text, inline);
    }

    private SopsException Broken(string problem) => new(SopsFailure.Value, $"{Place}: {problem}");
}
