using System.Globalization;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Two versions of a SOPS file: keys, recipients and rules, without any key to open it.</summary>
internal static class SopsComparison
{
    private const string Sealed = "ENC[AES256_GCM,";

    /// <param name="version">The file's name tells the format.</param>
    /// <param name="problem">Why something with encrypted values in it is no SOPS file; null where there are none.</param>
    /// <returns>Null for what is no SOPS file.</returns>
    public static SopsFile? TryParse(FileVersion version, out string? problem)
    {
        problem = null;
        if (version.Content is not { } bytes || bytes.AsSpan().IndexOf("ENC[AES256_GCM,"u8) < 0) return null;
        try
        {
            return SopsFile.Parse(bytes, SopsFormats.FromPath(version.Source));
        }
        catch (SopsException failure)
        {
            problem = $"{version.Source}: {failure.Message}";
            return null;
        }
    }

    public static IEnumerable<Difference> Run(SopsFile? before, SopsFile? after, bool existed, bool exists)
    {
        if (before is null) yield return Of("encrypted", null, existed ? "encrypted with SOPS; before it was not, and stays readable in the history" : "added, encrypted with SOPS");
        if (after is null) yield return Of("decrypted", null, exists ? "no longer encrypted with SOPS: IN PLAIN TEXT" : "removed");
        foreach (var change in Values(before, after)) yield return change;
        foreach (var change in Recipients(before, after)) yield return change;
        if (before is null || after is null) yield break;
        if (before.Metadata.Rule is var was && after.Metadata.Rule is var becomes && (was.Kind != becomes.Kind || was.Pattern != becomes.Pattern))
            yield return Of("rule-changed", "rule", $"rule: {Describe(was)} → {Describe(becomes)}") with { From = Describe(was), To = Describe(becomes) };
        if (before.Metadata.ShamirThreshold != after.Metadata.ShamirThreshold)
            yield return Of("threshold-changed", "shamir_threshold", $"shamir_threshold: {before.Metadata.ShamirThreshold} → {after.Metadata.ShamirThreshold}");
    }

    private static IEnumerable<Difference> Values(SopsFile? before, SopsFile? after)
    {
        var (old, now) = (Leaves(before), Leaves(after));
        var (kept, changed) = (0, 0);
        foreach (var place in old.Keys.Union(now.Keys))
        {
            if (!old.TryGetValue(place, out var was)) yield return Of("item-added", place, $"{place} added{(IsSealed(now[place]) ? "" : " (in clear)")}");
            else if (!now.TryGetValue(place, out var becomes)) yield return Of("item-removed", place, $"{place} removed");
            else if (was == becomes) kept += IsSealed(was) ? 1 : 0;
            else if (!IsSealed(becomes)) yield return Of(IsSealed(was) ? "item-decrypted" : "item-changed", place, IsSealed(was) ? $"{place} is now IN PLAIN TEXT" : $"{place} changed (in clear)");
            else
            {
                changed++;
                yield return Of("item-resealed", place, $"{place} encrypted again");
            }
        }
        // sops keeps the ciphertext of what did not change, as long as the data key stays.
        if (changed > 1 && kept == 0) yield return Of("all-resealed", null, "every value was encrypted again: the data key was rotated, or all of them changed");
    }

    public static IEnumerable<Difference> Recipients(SopsFile? before, SopsFile? after)
    {
        var (old, now) = (Keys(before), Keys(after));
        foreach (var key in now.Except(old)) yield return Of("recipient-added", key, $"recipient added: {key}");
        foreach (var key in old.Except(now).Where(_ => after is not null)) yield return Of("recipient-removed", key, $"recipient removed: {key} (it still opens every earlier version)");
    }

    private static List<string> Keys(SopsFile? file) => [.. (file?.Metadata.KeyGroups ?? []).SelectMany(group => group.Keys).Select(key => key.ToString())];

    private static Dictionary<string, string> Leaves(SopsFile? file)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        var documents = file?.Documents ?? [];
        for (var i = 0; i < documents.Count; i++)
        {
            var place = documents.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"document {i + 1}: ");
            foreach (var leaf in DocumentLeaves.Of(documents[i])) leaves[place + leaf.Place] = leaf.Value.GetText();
        }
        return leaves;
    }

    private static bool IsSealed(string value) => value.StartsWith(Sealed, StringComparison.Ordinal);

    private static string Describe(SelectionRule rule) => $"{SelectionRule.FieldName(rule.Kind)} {rule.Pattern}";

    private static Difference Of(string change, string? item, string text) => new(change, "SOPS", item, text);
}
