using System.Text.RegularExpressions;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>SECURITY.md promises tests; a promise whose test was renamed or removed is none.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly string Page = Repository.Read("SECURITY.md");

    [Fact]
    public void Every_test_that_a_control_names_exists()
    {
        var named = Rows("C").SelectMany(row => Named().Matches(row[^1]).Select(match => match.Groups[1].Value)).ToList();

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !TestNames.All.Contains(name));
    }

    [Fact]
    public void Every_control_names_a_test_and_a_threat_that_exists()
    {
        var threats = Rows("T").Select(row => row[0]).ToHashSet();
        Assert.All(Rows("C"), row =>
        {
            Assert.Contains("`", row[^1], StringComparison.Ordinal);
            Assert.All(row[1].Split(',', StringSplitOptions.TrimEntries), threat => Assert.Contains(threat, threats));
        });
    }

    [Fact]
    public void Every_threat_has_a_control()
    {
        var countered = Rows("C").SelectMany(row => row[1].Split(',', StringSplitOptions.TrimEntries)).ToHashSet();
        Assert.DoesNotContain(Rows("T").Select(row => row[0]), threat => !countered.Contains(threat));
    }

    /// <returns>The cells of each row of a table whose first cell is the letter and a number.</returns>
    private static List<string[]> Rows(string letter)
    {
        var rows = Page.Split('\n')
            .Where(line => Regex.IsMatch(line, $@"^\| {letter}\d\d \|"))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .ToList();
        Assert.NotEmpty(rows);
        Assert.Distinct(rows.Select(row => row[0]));
        return rows;
    }

    [GeneratedRegex(@"`(\w+_\w+)`")]
    private static partial Regex Named();
}
