using System.Buffers;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>All that is looked for in one file.</summary>
internal sealed class FileScan(FolderRules rules, PlainSources sources, TimeProvider time)
{
    // A file without any of these words holds nothing that is looked for, unless a rule is about it.
    private static readonly SearchValues<string> Words =
        SearchValues.Create(["Secret", "secretGenerator", "PRIVATE KEY", "AGE-SECRET-KEY-", "ENC[AES256_GCM,", .. PrivateKeyScan.EncodedBegins], StringComparison.Ordinal);

    /// <param name="path">As reported.</param>
    /// <param name="fullPath">Where it is or would be.</param>
    /// <param name="bytes">Its content.</param>
    /// <returns>Null for what is no text.</returns>
    public IReadOnlyList<Finding>? Run(string path, string fullPath, byte[] bytes)
    {
        if (ScannedFile.TryRead(path, fullPath, bytes) is not { } file) return null;
        var sopsRule = rules.SopsFor(fullPath);
        if (sopsRule is null && !file.Text.AsSpan().ContainsAny(Words)) return [];
        var manifest = ManifestScan.IsManifestName(file.Name) ? new ManifestScan(file, new SealedScan(rules, time), sources) : null;
        var found = new List<Finding>(manifest?.Run() ?? []);
        found.AddRange(SopsScan.Find(file, sopsRule, manifest?.HasObjects == true));
        // A key that is an item of a plain Secret was told already.
        found.AddRange(PrivateKeyScan.Find(file).Where(key => !found.Exists(other => other.Line == key.Line)).ToList());
        var own = found.Count > 0 ? rules.SealingFor(fullPath) : null;
        return [.. found.Where(finding => !file.IsIgnored(finding.Line, finding.Rule) && own?.IsIgnored(fullPath, finding.Rule.Id) != true)];
    }

    /// <summary>A text that is too large to be read: that nothing is known of it must not look like nothing being there.</summary>
    /// <param name="path">As reported.</param>
    /// <param name="fullPath">Where it is or would be.</param>
    /// <param name="begin">Its first bytes.</param>
    /// <returns>Null for what is no text.</returns>
    public IReadOnlyList<Finding>? NotRead(string path, string fullPath, byte[] begin)
    {
        if (!ScannedFile.IsText(begin)) return null;
        return rules.SealingFor(fullPath)?.IsIgnored(fullPath, ScanRule.NotRead.Id) == true ? [] : [new Finding(ScanRule.NotRead, path, 1, 1, $"not scanned: it is larger than {ScannedFile.MaxBytes >> 20} MiB")];
    }
}
