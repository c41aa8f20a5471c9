using System.Globalization;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Documents.Yaml;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Sops.Rules;

/// <summary>A repository's <c>.sops.yaml</c>: for which files which keys and values. Unknown fields are ignored, as the original does.</summary>
/// <param name="Rules">In order; the first that matches counts.</param>
/// <param name="Layout">From <c>stores</c>.</param>
public sealed record CreationRules(IReadOnlyList<CreationRule> Rules, SopsLayout Layout)
{
    public const string FileName = ".sops.yaml";
    private const int MaxFoldersUp = 100;

    private static readonly SelectionKind[] Kinds = Enum.GetValues<SelectionKind>();

    /// <summary>The file that counts for a folder: its own, or that of the nearest folder above.</summary>
    /// <returns>Null when there is none.</returns>
    public static string? FindFile(string folder)
    {
        var current = new DirectoryInfo(Path.GetFullPath(folder));
        for (var i = 0; current is not null && i < MaxFoldersUp; i++, current = current.Parent)
        {
            var candidate = Path.Combine(current.FullName, FileName);
            if (File.Exists(candidate)) return candidate;
        }
        return null;
    }

    /// <exception cref="SopsException">Malformed, limit or rule.</exception>
    public static CreationRules Parse(ReadOnlySpan<byte> file, SopsLimits? limits = null)
    {
        var root = YamlFormat.Read(file, YamlMode.Plain, limits ?? SopsLimits.Default)[0];
        var rules = Maps(root, "creation_rules").Select((r, i) => ReadRule(r, $"creation_rules[{i}]")).ToList();
        return new CreationRules(rules, ReadLayout(root));
    }

    /// <param name="relativePath">From the folder of the rules file, with forward slashes.</param>
    /// <returns>Null when no rule matches.</returns>
    /// <exception cref="SopsException"><see cref="SopsFailure.Limit"/>: a pattern takes too long on the path.</exception>
    public CreationRule? Match(string relativePath)
    {
        for (var i = 0; i < Rules.Count; i++)
        {
            if (Rules[i].Path is not { } path || BoundedRegex.IsMatch(path, relativePath, $"creation_rules[{i}].path_regex")) return Rules[i];
        }
        return null;
    }

    private static CreationRule ReadRule(MapNode rule, string place)
    {
        var path = Text(rule, "path_regex");
        var groups = Maps(rule, "key_groups").Select(g => new KeyGroup(ReadGroup(g, $"{place}.key_groups"))).ToList();
        if (groups.Count == 0) groups.Add(new KeyGroup(ReadFlatKeys(rule, place)));
        var options = new SealingOptions(
            groups,
            ReadNumber(rule, "shamir_threshold", 0, place),
            ReadSelection(rule, place),
            Text(rule, "mac_only_encrypted") is "True");
        return new CreationRule(path.Length == 0 ? null : BoundedRegex.Create(path, $"{place}.path_regex"), options);
    }

    private static SelectionRule? ReadSelection(MapNode rule, string place)
    {
        var given = Kinds.Where(k => Text(rule, SelectionRule.FieldName(k)).Length > 0).ToList();
        if (given.Count > 1) throw Broken(place, $"both {SelectionRule.FieldName(given[0])} and {SelectionRule.FieldName(given[1])}; a file has one rule");
        return given.Count == 0 ? null : SelectionRule.Create(given[0], Text(rule, SelectionRule.FieldName(given[0])));
    }

    private static List<MasterKey> ReadFlatKeys(MapNode rule, string place) => Distinct(
    [
        .. Words(rule, "age", place).Select(MasterKey.Age),
        .. Words(rule, "pgp", place).Select(MasterKey.Pgp),
        .. Words(rule, "kms", place).Select(w => MasterKeyText.AwsKms(w, Text(rule, "aws_profile"))),
        .. Words(rule, "gcp_kms", place).Select(MasterKeyText.GcpKms),
        .. Words(rule, "hckms", place).Select(MasterKeyText.HuaweiKms),
        .. Words(rule, "azure_keyvault", place).Select(MasterKeyText.AzureKeyVault),
        .. Words(rule, "hc_vault_transit_uri", place).Select(MasterKeyText.VaultTransit),
    ]);

    private static List<MasterKey> ReadGroup(MapNode group, string place) => Distinct(
    [
        .. Maps(group, "merge").SelectMany(g => ReadGroup(g, place)),
        .. Words(group, "age", place).Select(MasterKey.Age),
        .. Words(group, "pgp", place).Select(MasterKey.Pgp),
        .. Maps(group, "kms").Select(m => MasterKeyText.FromFields(MasterKeyKind.AwsKms, m, "arn", "role", "context", "aws_profile")),
        .. Maps(group, "gcp_kms").Select(m => MasterKeyText.FromFields(MasterKeyKind.GcpKms, m, "resource_id")),
        .. Maps(group, "hckms").Select(m => MasterKeyText.FromFields(MasterKeyKind.HuaweiKms, m, "key_id")),
        .. Maps(group, "azure_keyvault").Select(MasterKeyText.AzureKeyVault),
        .. Words(group, "hc_vault", place).Select(MasterKeyText.VaultTransit),
    ]);

    private static List<MasterKey> Distinct(IEnumerable<MasterKey> keys)
    {
        var result = new List<MasterKey>();
        foreach (var key in keys)
        {
            if (!result.Any(key.IsSameKey)) result.Add(key);
        }
        return result;
    }

    private static SopsLayout ReadLayout(MapNode root)
    {
        var stores = root["stores"] as MapNode;
        var yaml = stores?["yaml"] as MapNode ?? new MapNode();
        var json = stores?["json"] as MapNode ?? new MapNode();
        var indent = ReadNumber(yaml, "indent", SopsLayout.Default.YamlIndent, "stores.yaml");
        if (indent == 0) indent = SopsLayout.Default.YamlIndent;
        if (indent is < 2 or > 9) throw Broken("stores.yaml", "indent is not from 2 to 9");
        return new SopsLayout(indent, ReadNumber(json, "indent", SopsLayout.Default.JsonIndent, "stores.json"));
    }

    private static List<MapNode> Maps(MapNode holder, string name) => holder[name] switch
    {
        ListNode list => [.. list.Items.OfType<MapNode>()],
        _ => [],
    };

    /// <summary>Text with commas, or a list of texts, each maybe with commas.</summary>
    private static IEnumerable<string> Words(MapNode holder, string name, string place)
    {
        var texts = holder[name] switch
        {
            null or ScalarNode { Kind: ScalarKind.Null } => [],
            ScalarNode { Kind: ScalarKind.Text } text => [text.GetText()],
            ListNode list when list.Items.All(i => i is CommentNode or ScalarNode { Kind: ScalarKind.Text }) => list.Items.OfType<ScalarNode>().Select(s => s.GetText()),
            _ => throw Broken(place, $"{name} is neither text nor a list of texts"),
        };
        return texts.SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Text(MapNode holder, string name) => (holder[name] as ScalarNode)?.GetText() ?? "";

    private static int ReadNumber(MapNode holder, string name, int fallback, string place)
    {
        var text = Text(holder, name);
        if (text.Length == 0) return fallback;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is >= -1 and <= 255
            ? number
            : throw Broken(place, $"{name} is not a number from 0 to 255");
    }

    private static SopsException Broken(string place, string problem) => new(SopsFailure.Rule, $"{place}: {problem}");
}
