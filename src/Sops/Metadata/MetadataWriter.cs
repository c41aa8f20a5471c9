using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Sops.Metadata;

/// <summary>Writes the <c>sops</c> block as 3.13 does: fields in alphabetical order, what is empty left out.</summary>
internal static class MetadataWriter
{
    /// <summary>The format's version that our files follow. The original refuses a file without one and works around faults of old ones.</summary>
    public const string OwnVersion = "3.13.2";

    public static MapNode Write(SopsMetadata metadata)
    {
        var block = new MapNode();
        if (metadata.KeyGroups.Count == 1)
        {
            AddGroup(block, metadata.KeyGroups[0]);
        }
        else
        {
            block.Add("key_groups", new ListNode(metadata.KeyGroups.Select(WriteGroup)));
            block.Add("shamir_threshold", ScalarNode.Whole(metadata.ShamirThreshold));
        }
        block.Add("lastmodified", ScalarNode.Text(metadata.LastModified));
        block.Add("mac", ScalarNode.Text(metadata.Mac));
        if (metadata.MacOnlyEncrypted) block.Add("mac_only_encrypted", ScalarNode.Boolean(true));
        block.Add(SelectionRule.FieldName(metadata.Rule.Kind), ScalarNode.Text(metadata.Rule.Pattern));
        block.Add("version", ScalarNode.Text(metadata.Version));
        Sort(block);
        return block;
    }

    private static MapNode WriteGroup(KeyGroup group)
    {
        var map = new MapNode();
        AddGroup(map, group);
        Sort(map);
        return map;
    }

    private static void AddGroup(MapNode holder, KeyGroup group)
    {
        foreach (var kind in group.Keys.GroupBy(k => k.Kind, StringComparer.Ordinal))
        {
            holder.Add(kind.Key, new ListNode(kind.Select(k => k.Fields.Clone())));
        }
    }

    private static void Sort(MapNode map) => map.Entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
}
