using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Two versions of a file: what changed in its sealed parts. Everything else in it is for git to show.</summary>
internal static class FileComparison
{
    private const string Before = "before";
    private const string After = "after";

    /// <param name="path">What the report calls it.</param>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    public static FileDifference Run(string path, FileVersion before, FileVersion after)
    {
        // Half a comparison would tell of items that came or went, which did not.
        var problems = new List<Difference>();
        Note(before.Problem, Before, problems);
        Note(after.Problem, After, problems);
        if (problems.Count > 0) return new FileDifference(path, problems);
        var (old, now) = (SopsComparison.TryParse(before, out var oldProblem), SopsComparison.TryParse(after, out var nowProblem));
        if (old is not null || now is not null)
        {
            // An object that SOPS encrypted, and one that carries the encrypted text, are two ways to write down one file.
            if (SopsSecretComparison.OnlyCarried(before) is { } was) (before, (old, oldProblem)) = (was, (SopsComparison.TryParse(was, out var problem), problem));
            if (SopsSecretComparison.OnlyCarried(after) is { } becomes) (after, (now, nowProblem)) = (becomes, (SopsComparison.TryParse(becomes, out var problem), problem));
            Note(oldProblem, Before, problems);
            Note(nowProblem, After, problems);
            if (problems.Count > 0) return new FileDifference(path, problems);
            if (now is null && ConvertedComparison.SealedSecrets(after) is { } made) return new FileDifference(path, [.. ConvertedComparison.Run(before, made, isSealedNow: true)]);
            if (old is null && ConvertedComparison.SealedSecrets(before) is { } taken)
                return new FileDifference(path, [.. ConvertedComparison.Run(after, taken, isSealedNow: false), .. SopsComparison.Recipients(null, now)]);
            return new FileDifference(path, [.. SopsComparison.Run(old, now, before.Content is not null, after.Content is not null)]);
        }
        if (!Mentions(before.Content) && !Mentions(after.Content)) return new FileDifference(path, []);
        var changes = ObjectComparison.Run(Read(before, Before, problems), Read(after, After, problems));
        return new FileDifference(path, problems.Count > 0 ? problems : [.. changes]);
    }

    private static bool Mentions(byte[]? bytes) => bytes is not null && bytes.AsSpan().IndexOf("Secret"u8) >= 0;

    private static void Note(string? problem, string when, List<Difference> problems)
    {
        if (problem is not null) problems.Add(new Difference(Difference.Unreadable, when, null, $"{when} the change it cannot be read: {problem}"));
    }

    private static IReadOnlyList<ManifestObject> Read(FileVersion version, string when, List<Difference> problems)
    {
        if (version.Content is null) return [];
        try
        {
            return Manifest.Read(version.Content, version.Source).Objects;
        }
        catch (ManifestException failure)
        {
            Note(failure.Message, when, problems);
            return [];
        }
    }
}
