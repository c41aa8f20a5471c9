using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Two versions of a file: what changed in its sealed parts. Everything else in it is for git to show.</summary>
internal static class FileComparison
{
    /// <param name="path">Its name tells the format.</param>
    /// <param name="before">Null when there was none.</param>
    /// <param name="after">Null when there is none any more.</param>
    public static FileDifference Run(string path, byte[]? before, byte[]? after)
    {
        var (old, now) = (SopsComparison.TryParse(path, before), SopsComparison.TryParse(path, after));
        if (old is not null || now is not null) return new FileDifference(path, [.. SopsComparison.Run(old, now, before is not null, after is not null)]);
        if (!Mentions(before) && !Mentions(after)) return new FileDifference(path, []);
        var problems = new List<Difference>();
        var changes = ObjectComparison.Run(Read(path, before, "before", problems), Read(path, after, "after", problems));
        // Half a comparison would tell of items that came or went, which did not.
        return new FileDifference(path, problems.Count > 0 ? problems : [.. changes]);
    }

    private static bool Mentions(byte[]? bytes) => bytes is not null && bytes.AsSpan().IndexOf("Secret"u8) >= 0;

    private static IReadOnlyList<ManifestObject> Read(string path, byte[]? bytes, string when, List<Difference> problems)
    {
        if (bytes is null) return [];
        try
        {
            return Manifest.Read(bytes, path).Objects;
        }
        catch (ManifestException failure)
        {
            problems.Add(new Difference("unreadable", when, null, $"{when} the change it cannot be read: {failure.Message}"));
            return [];
        }
    }
}
