using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Sops.Tests.Rules;

/// <summary>Go's regular expressions in .NET: the same answer or none.</summary>
public sealed class BoundedRegexTests
{
    [Theory]
    [InlineData("^(data|stringData)$", "data", true)]
    [InlineData("^(data|stringData)$", "metadata", false)]
    [InlineData("^data$", "data\n", false)]
    [InlineData("pass", "my_password", true)]
    [InlineData("^\\d+$", "123", true)]
    [InlineData("^\\d+$", "١٢٣", false)]
    [InlineData("^\\w+$", "ключ", false)]
    [InlineData("^[\\w-]+$", "a-b_c", true)]
    [InlineData("^[\\s]$", "\v", false)]
    [InlineData("(?i)SECRET", "my-secret", true)]
    [InlineData("^(?:a|b)c$", "bc", true)]
    [InlineData("^[]a]$", "]", true)]
    [InlineData("^[^]a]$", "]", false)]
    [InlineData("^[[]$", "[", true)]
    [InlineData("^\\$\\.x$", "$.x", true)]
    [InlineData("\\Aabc\\z", "abc", true)]
    [InlineData("^a{2,3}$", "aaa", true)]
    [InlineData("^a{3,1000}$", "aaa", true)]
    [InlineData("^{a}{,3}$", "{a}{,3}", true)]
    [InlineData("(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", true)]
    public void A_pattern_matches_as_it_does_in_Go(string pattern, string text, bool matches) =>
        Assert.Equal(matches, BoundedRegex.Create(pattern, "field").IsMatch(text));

    [Theory]
    [InlineData("[[:alpha:]]")]
    [InlineData("\\pL")]
    [InlineData("\\p{L}")]
    [InlineData("\\Qa.b\\E")]
    [InlineData("\\bword")]
    [InlineData("(?P<name>x)")]
    [InlineData("(?<name>x)")]
    [InlineData("(?U)a+")]
    [InlineData("(?=x)")]
    [InlineData("(?<!x)y")]
    [InlineData("(a)\\1")]
    [InlineData("[a-[b]]")]
    [InlineData("a\\")]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("*")]
    [InlineData("\\x41")]
    [InlineData("a{1001}")]
    [InlineData("a{1,2147483647}")]
    [InlineData("a{99999999999}")]
    [InlineData("a{02}")]
    [InlineData("(((a{1,200}){1,200}){1,200})")]
    public void A_pattern_that_differs_or_is_broken_is_refused(string pattern)
    {
        var failure = Assert.Throws<SopsException>(() => BoundedRegex.Create(pattern, "encrypted_regex"));
        Assert.Equal(SopsFailure.Rule, failure.Failure);
        Assert.StartsWith("encrypted_regex:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_pattern_is_refused() => Assert.Throws<SopsException>(() => BoundedRegex.Create(new string('a', 1025), "field"));
}
