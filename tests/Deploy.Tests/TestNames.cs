using System.Text.RegularExpressions;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The tests that there are, and those that a page names.</summary>
internal static partial class TestNames
{
    public static IReadOnlySet<string> All { get; } =
        Repository.Files("tests", "*.cs").SelectMany(file => TestMethod().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Sentences in code font: three words or more, unlike flags, fields, metrics and variables.</summary>
    public static IEnumerable<string> In(string text) => Sentence().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"public (?:static )?(?:async )?(?:Task|ValueTask|void) (\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`([A-Z](?=\w*[a-z])\w*?_\w+?_\w+)`")]
    private static partial Regex Sentence();
}
