using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Sealing;

/// <summary>Collects the places of values that a rule wants encrypted and that stand there in clear. Needs no key and keeps no value.</summary>
internal sealed class ClearLeafWalk(SelectionRule rule) : TreeWalk(rule)
{
    /// <summary>Key names joined by dots; items of a list share the place of the list.</summary>
    public List<string> Places { get; } = [];

    protected override DocumentNode Visit(ScalarNode scalar, bool encrypted, bool inList)
    {
        if (encrypted && !scalar.IsVoid && SealedValue.Parse(scalar.Bytes) is null) Places.Add(Place);
        return scalar;
    }

    // A comment is no value: sops leaves those that it finds in clear.
    protected override DocumentNode Visit(CommentNode comment, bool encrypted, bool inList) => comment;
}
