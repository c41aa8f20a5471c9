using System.Text.RegularExpressions;

namespace GitOpsSecrets.Deploy.Tests;

public sealed partial class DocumentsTests
{
    private const string Reference = "docs/reference-controller.md";

    [Fact]
    public void Every_flag_of_the_controller_is_in_its_reference_and_no_other()
    {
        var source = Flag().Matches(Repository.Read("src/Controller/Flags/ControllerFlags.cs")).Select(match => match.Groups[1].Value).ToHashSet();
        var documented = Row().Matches(Repository.Read(Reference)).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(source);
        Assert.Distinct(documented);
        // --config is declared by the constant that FlagSet reads it by.
        Assert.Equal(source.Except(["rotate-period"]).Append("config").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        Assert.Contains("`--rotate-period`", Repository.Read(Reference), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_in_a_document_leads_to_a_file()
    {
        string[] pages = ["README.md", "SECURITY.md", "CONTRIBUTING.md", .. Repository.Files("docs", "*.md"), .. Repository.Files("deploy", "*.md")];
        var broken = from page in pages
                     from Match link in Link().Matches(Repository.Read(page))
                     let target = link.Groups[1].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                     where !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target))
                     select $"{page}: {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        string[] pages = ["README.md", "CHANGELOG.md", .. Repository.Files("docs", "*.md")];
        Assert.Contains(TestNames.In(Repository.Read("docs/scenarios.md")), TestNames.All.Contains);
        Assert.Empty(from page in pages from name in TestNames.In(Repository.Read(page)) where !TestNames.All.Contains(name) select $"{page}: {name}");
    }

    /// <summary>What is different on purpose is proven, row for row.</summary>
    [Fact]
    public void Every_difference_from_the_originals_names_the_test_that_proves_it()
    {
        var rows = Repository.Read("docs/differences.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| the original |", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => !TestNames.In(row.TrimEnd('|', ' ').Split('|')[^1]).Any());
    }

    /// <summary>Folders and files that a document tells its reader to use.</summary>
    [Fact]
    public void Every_path_under_deploy_that_is_named_in_a_document_exists()
    {
        string[] pages = ["README.md", "SECURITY.md", "CONTRIBUTING.md", .. Repository.Files("docs", "*.md"), .. Repository.Files("deploy", "*.md")];
        var named = pages.SelectMany(page => DeployPath().Matches(Repository.Read(page)).Select(match => match.Value.TrimEnd('.', '/'))).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, path => !Path.Exists(Repository.PathOf(path)));
    }

    [GeneratedRegex("""(?:new Flag|\.Text|\.Number|\.Switch|\.Duration)\("([a-z0-9-]+)""")]
    private static partial Regex Flag();

    [GeneratedRegex("^\\| `--([a-z0-9-]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.])deploy/[\w./-]+")]
    private static partial Regex DeployPath();
}
