using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>Giving a file other keys: what failing at that means, and what the change is.</summary>
internal static class KeyChange
{
    /// <summary>Here a missing key is one to encrypt to, which has another remedy and no exit code of its own.</summary>
    public static async Task<SopsFile> TellAsync(string name, IReadOnlyList<KeyGroup> groups, Func<Task<SopsFile>> work)
    {
        try
        {
            return await work();
        }
        catch (SopsException failure) when (failure.Failure == SopsFailure.NoKey)
        {
            throw new CommandException($"{name}: {NewFile.Explain(failure, groups)}", failure);
        }
        catch (SopsException failure)
        {
            throw SopsProblem.Of(name, failure);
        }
    }

    /// <summary>One line a difference, as <c>+ age age1…</c>; with several groups, the group before it. Nothing when there is none.</summary>
    public static IReadOnlyList<string> Describe(IReadOnlyList<KeyGroup> before, int thresholdBefore, IReadOnlyList<KeyGroup> after, int thresholdAfter)
    {
        var lines = new List<string>();
        var groups = Math.Max(before.Count, after.Count);
        for (var i = 0; i < groups; i++)
        {
            var old = i < before.Count ? before[i].Keys : [];
            var now = i < after.Count ? after[i].Keys : [];
            var label = groups > 1 ? $"group {i + 1}: " : "";
            lines.AddRange(now.Where(key => !old.Any(key.IsSameKey)).Select(key => $"+ {label}{key}"));
            lines.AddRange(old.Where(key => !now.Any(key.IsSameKey)).Select(key => $"- {label}{key}"));
        }
        if (thresholdBefore != thresholdAfter) lines.Add($"groups needed: {Shown(thresholdBefore)} before, {Shown(thresholdAfter)} now");
        return lines;
    }

    private static string Shown(int threshold) => threshold == 0 ? "1" : threshold.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
