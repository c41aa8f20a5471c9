using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary>What is said of words that are no command: the one that was meant, if that can be told, and those that there are.</summary>
internal static class UnknownCommand
{
    private const int Near = 2;

    /// <param name="words">Of the command line, up to the first flag; one at least.</param>
    public static UsageException Of(IReadOnlyList<string> words)
    {
        // Names of a group's commands without the group, where it is known.
        var group = CommandCatalog.All.Where(command => command.Name.StartsWith(words[0] + " ", StringComparison.Ordinal)).Select(command => command.Name[(words[0].Length + 1)..]).ToList();
        if (group.Count > 0)
        {
            return words.Count == 1
                ? new UsageException($"{words[0]} needs a command: {string.Join(", ", group)}")
                : new UsageException($"unknown command \"{words[0]} {words[1]}\"{Meant(words[1], group, words[0] + " ")}; commands of {words[0]}: {string.Join(", ", group)}");
        }

        var all = CommandCatalog.All.Select(command => command.Name.Split(' ')[0]).Distinct().ToList();
        var remedy = File.Exists(words[0]) ? $"; it is a file: to seal it, seal --secret-file {words[0]} (or < {words[0]})" : "; to seal a file use --secret-file, or < to read it";
        return new UsageException($"unknown command \"{words[0]}\"{Meant(words[0], all, "")}; commands: {string.Join(", ", all)}{remedy}");
    }

    private static string Meant(string word, IEnumerable<string> known, string before)
    {
        var near = known.Select(name => (Name: name, Distance: Distance(word, name))).Where(candidate => candidate.Distance <= Near && candidate.Distance * 2 < word.Length).OrderBy(candidate => candidate.Distance).FirstOrDefault();
        return near.Name is null ? "" : $" (did you mean {before}{near.Name}?)";
    }

    /// <summary>How many letters are to be added, taken away, changed, or swapped with the next one.</summary>
    internal static int Distance(string left, string right)
    {
        if (left.Length > right.Length + Near || right.Length > left.Length + Near) return int.MaxValue;
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[left.Length, right.Length];
    }
}
