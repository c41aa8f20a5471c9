using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("/v1/{a}", "a b/c?d#e", "/v1/a%20b%2Fc%3Fd%23e")]
    [InlineData("/v1/{a:path}", "/team/a b/", "/v1/team/a%20b")]
    [InlineData("/v1/{a:underscore}", "a-b", "/v1/a_b")]
    [InlineData("/v1/{a}", "ü", "/v1/%C3%BC")]
    public void In_a_path_a_variable_is_one_segment_unless_it_says_path(string pattern, string value, string expected) =>
        Assert.Equal(expected, Text(pattern, value, PatternPlace.Path));

    [Theory]
    [InlineData("/v1/{a}", ".")]
    [InlineData("/v1/{a}", "..")]
    [InlineData("/v1/{a:path}", "team/../../admin")]
    public void A_step_up_through_a_path_is_refused(string pattern, string value) =>
        Assert.Equal("a must not be made of dots alone", Assert.Throws<ProviderException>(() => Text(pattern, value, PatternPlace.Path)).Message);

    [Theory]
    [InlineData("https://{a}.example.com", "acme", "https://acme.example.com")]
    [InlineData("{a}", "https://acme.example.com/x", "https://acme.example.com/x")]
    public void A_variable_is_a_whole_server_or_part_of_its_name(string pattern, string value, string expected) =>
        Assert.Equal(expected, Text(pattern, value, PatternPlace.Server));

    [Theory]
    [InlineData("evil.example/")]
    [InlineData("user@evil.example")]
    [InlineData("a:8080")]
    public void A_part_of_a_servers_name_cannot_lead_elsewhere(string value) =>
        Assert.Throws<ProviderException>(() => Text("https://{a}.example.com", value, PatternPlace.Server));

    [Fact]
    public void Quotes_are_escaped_where_an_expression_quotes() => Assert.Equal("""title eq "a\"b\\c" """.Trim(), Text("""title eq "{a:quoted}" """.Trim(), """a"b\c""", PatternPlace.Plain));

    [Fact]
    public void A_doubled_brace_is_a_brace() => Assert.Equal("""{"x":1}""", Text("""{{"x":1}}""", "", PatternPlace.Plain));

    [Theory]
    [InlineData("{a", "\"{\" without a \"}\"")]
    [InlineData("a}", "\"}\" without a \"{\"")]
    [InlineData("{}", "is not the name of a variable")]
    [InlineData("{a b}", "is not the name of a variable")]
    [InlineData("{a:upper}", "there is no filter \"upper\"")]
    public void What_is_no_pattern_is_told(string pattern, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => TextPattern.Parse(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_variable_that_is_not_there_is_named() =>
        Assert.Equal("\"a\" is needed here, and is empty", Assert.Throws<ProviderException>(() => Text("{a}", "", PatternPlace.Plain)).Message);

    private static string Text(string pattern, string value, PatternPlace place)
    {
        using var variables = new Variables();
        variables.Set("a", value);
        return TextPattern.Parse(pattern).Text(variables, place);
    }
}
