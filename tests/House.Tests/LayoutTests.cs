using System.Text.RegularExpressions;

namespace GitOpsSecrets.House.Tests;

public sealed partial class LayoutTests
{
    private const int LongFile = 350;
    private static readonly string[] EmptyWords = ["Utils", "Util", "Helpers", "Helper", "Common", "Core", "Services", "Managers", "Manager", "Misc"];

    // AWS's names of products.
    private static readonly string[] ForeignNames = ["SecretsManager", "CertificateManager"];

    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        var wrong = from file in Repository.SourceFiles("src")
                    let declared = NamespaceLine().Match(File.ReadAllText(file))
                    where declared.Success && declared.Groups[1].Value != "GitOpsSecrets." + Path.GetDirectoryName(Repository.Relative(file)["src/".Length..])!.Replace('/', '.').Replace('\\', '.')
                    select Repository.Relative(file);
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_folder_or_type_has_a_name_that_says_nothing()
    {
        var words = Repository.SourceFiles("src").SelectMany(file => Repository.Relative(file)[..^".cs".Length].Split('/').Skip(1).SelectMany(part => part.Split('.')).Select(part => (file, part)));
        Assert.Empty(words.Where(word => !ForeignNames.Contains(word.part, StringComparer.Ordinal)).Where(word => EmptyWords.Contains(word.part, StringComparer.Ordinal) || EmptyWords.Any(empty => empty.Length > 4 && word.part.EndsWith(empty, StringComparison.Ordinal)))
            .Select(word => Repository.Relative(word.file)));
    }

    [Fact]
    public void A_long_file_says_why()
    {
        var silent = Repository.SourceFiles("src")
            .Where(file => File.ReadLines(file).Count() > LongFile && !File.ReadLines(file).Any(line => line.Contains("// Long because", StringComparison.Ordinal)));
        Assert.Empty(silent.Select(Repository.Relative));
    }

    [Fact]
    public void A_file_holds_one_top_level_type()
    {
        var crowded = Repository.SourceFiles("src").Where(file => TopLevelType().Count(File.ReadAllText(file)) > 1);
        Assert.Empty(crowded.Select(Repository.Relative));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|unsafe|ref) )*(?:class|struct|record|enum|interface|delegate)\b", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
