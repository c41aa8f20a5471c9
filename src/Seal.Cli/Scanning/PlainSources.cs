using System.Collections.Frozen;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>The files that a generator may read: whether they are in the repository, in plain text.</summary>
/// <param name="tracked">Full paths of what the repository holds; null where only the disk can tell.</param>
internal sealed class PlainSources(FrozenSet<string>? tracked)
{
    /// <param name="manifest">Full path of the file that names it.</param>
    /// <param name="path">From that file's folder.</param>
    public bool Has(string manifest, string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) return false;
        var full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(manifest)!, path));
        if (tracked is not null && !tracked.Contains(full)) return false;
        try
        {
            if (!File.Exists(full) || new FileInfo(full).Length is 0 or > ScannedFile.MaxBytes) return false;
            var text = File.ReadAllText(full);
            return !text.Contains("ENC[AES256_GCM,", StringComparison.Ordinal) && PlainText.Is(text, base64: false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
