using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Values in clear within SOPS files, and files in clear that <c>.sops.yaml</c> wants encrypted.</summary>
internal static class SopsScan
{
    private const int MaxNamed = 3;

    /// <param name="file">The file.</param>
    /// <param name="rule">Of <c>.sops.yaml</c>, for this file; null for none.</param>
    /// <param name="isManifest">Whether it holds Kubernetes objects: those are judged by their kinds.</param>
    public static IEnumerable<Finding> Find(ScannedFile file, CreationRule? rule, bool isManifest)
    {
        if (file.Name == CreationRules.FileName) return [];
        var format = SopsFormats.FromPath(file.FullPath);
        try
        {
            if (file.Text.Contains("ENC[AES256_GCM,", StringComparison.Ordinal) && TryParse(file, format) is { } encrypted)
                return encrypted.FindValuesInClear().Distinct().Select(place => file.ReportLine(ScanRule.PlainValue, LineOf(file, place), $"{place} is in plain text, though the file's own rule wants it encrypted"));
            if (rule is null || isManifest || file.Text.AsSpan().IsWhiteSpace()) return [];
            using var plain = PlainFile.Parse(file.Bytes, format);
            var places = plain.FindValuesToSeal(rule.Options.Rule ?? SelectionRule.Default).Distinct().ToList();
            if (places.Count == 0) return [];
            var named = format == SopsFormat.Binary ? "the whole file" : string.Join(", ", places.Take(MaxNamed)) + (places.Count > MaxNamed ? $" and {places.Count - MaxNamed} more" : "");
            return [file.ReportLine(ScanRule.NotEncrypted, 1, $"{CreationRules.FileName} wants this file encrypted; in plain text: {named}")];
        }
        catch (SopsException)
        {
            // Not of that format (a template, a list): sops would not encrypt it either.
            return [];
        }
    }

    private static SopsFile? TryParse(ScannedFile file, SopsFormat format)
    {
        try
        {
            return SopsFile.Parse(file.Bytes, format);
        }
        catch (SopsException)
        {
            return null;
        }
    }

    // The line of the last name of the place, as far as one line begins with it; the place says the rest.
    private static int LineOf(ScannedFile file, string place)
    {
        var name = place[(place.LastIndexOf('.') + 1)..];
        var number = 0;
        foreach (var line in file.Text.AsSpan().EnumerateLines())
        {
            number++;
            var text = line.TrimStart(" \t-\"'");
            if (text.StartsWith(name, StringComparison.Ordinal) && text.Length > name.Length && text[name.Length..].TrimStart("\"' ") is [':' or '=', ..] && !text.Contains("ENC[", StringComparison.Ordinal)) return number;
        }
        return 1;
    }
}
