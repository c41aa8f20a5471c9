using System.Globalization;
using System.Text.RegularExpressions;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Metadata;

/// <summary>
/// Reads the <c>sops</c> block. Lists that are empty or null count as absent, as older files have them; unknown fields are ignored; scalars
/// may be text where a flattened format holds nothing else.
/// </summary>
internal static partial class MetadataReader
{
    private static readonly SelectionKind[] Rules = Enum.GetValues<SelectionKind>();

    /// <exception cref="SopsException">Metadata, rule or limit.</exception>
    public static SopsMetadata Read(MapNode block, SopsLimits limits)
    {
        var groups = ReadGroups(block);
        var keys = groups.Sum(g => g.Keys.Count);
        if (keys == 0) throw Broken("no keys");
        if (keys > limits.MaxMasterKeys) throw new SopsException(SopsFailure.Limit, $"sops: more than {limits.MaxMasterKeys} keys");
        var version = Text(block, "version");
        if (!SemanticVersion().IsMatch(version)) throw Broken("version is missing or not a version");
        var lastModified = GoTime.ParseRfc3339(Text(block, "lastmodified")) ?? throw Broken("lastmodified is missing or not an RFC 3339 time");
        return new SopsMetadata(groups, lastModified)
        {
            ShamirThreshold = ReadThreshold(block, groups.Count),
            Rule = ReadRule(block),
            MacOnlyEncrypted = ReadFlag(block, "mac_only_encrypted"),
            Version = version,
            Mac = Text(block, "mac"),
        };
    }

    private static List<KeyGroup> ReadGroups(MapNode block)
    {
        // A flat list that holds anything hides the groups.
        var flat = ReadGroup(block, "sops");
        if (flat.Keys.Count > 0) return [flat];
        return [.. List(block, "key_groups", "sops").Select((g, i) => ReadGroup(g, $"sops.key_groups[{i}]"))];
    }

    private static KeyGroup ReadGroup(MapNode holder, string place)
    {
        var keys = new List<MasterKey>();
        foreach (var kind in MasterKeyKind.All)
        {
            var entries = List(holder, kind, place);
            for (var i = 0; i < entries.Count; i++)
            {
                var key = new MasterKey(kind, entries[i]);
                if (kind != MasterKeyKind.Age && GoTime.ParseRfc3339(key.Field(MasterKey.CreatedAtField)) is null) throw Broken($"{place}.{kind}[{i}].created_at is missing or not an RFC 3339 time");
                keys.Add(key);
            }
        }
        return new KeyGroup(keys);
    }

    private static IReadOnlyList<MapNode> List(MapNode holder, string name, string place) => holder[name] switch
    {
        null or ScalarNode { Kind: ScalarKind.Null } or ScalarNode { Bytes.Length: 0 } => [],
        ListNode list => [.. list.Items.Where(i => i is not CommentNode).Select(i => i as MapNode ?? throw Broken($"{place}.{name} holds something else than maps"))],
        _ => throw Broken($"{place}.{name} is not a list"),
    };

    private static SelectionRule ReadRule(MapNode block)
    {
        var given = Rules.Where(r => Text(block, SelectionRule.FieldName(r)).Length > 0).ToList();
        return given.Count switch
        {
            0 => SelectionRule.Default,
            1 => SelectionRule.Create(given[0], Text(block, SelectionRule.FieldName(given[0]))),
            _ => throw Broken($"both {SelectionRule.FieldName(given[0])} and {SelectionRule.FieldName(given[1])}; a file has one rule"),
        };
    }

    private static int ReadThreshold(MapNode block, int groups)
    {
        if (groups < 2) return 0;
        var text = Text(block, "shamir_threshold");
        if (text is "" or "0") return groups;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var threshold) && threshold <= groups
            ? threshold
            : throw Broken("shamir_threshold is not a number up to that of the key groups");
    }

    private static bool ReadFlag(MapNode block, string name) => Text(block, name) switch
    {
        "True" or "true" => true,
        "" or "False" or "false" => false,
        _ => throw Broken($"{name} is neither true nor false"),
    };

    private static string Text(MapNode block, string name) => block[name] switch
    {
        null => "",
        ScalarNode scalar => scalar.GetText(),
        _ => throw Broken($"{name} is not a scalar"),
    };

    private static SopsException Broken(string problem) => new(SopsFailure.Metadata, "sops: " + problem);

    [GeneratedRegex(@"\Av?[0-9]+(\.[0-9]+){0,2}([-+][0-9A-Za-z.+-]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SemanticVersion();
}
