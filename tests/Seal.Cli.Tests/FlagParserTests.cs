using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.Tests;

public sealed class FlagParserTests
{
    private static readonly Flag Text = new("text", FlagKind.Text, "") { Letter = 't' };
    private static readonly Flag Toggle = new("toggle", FlagKind.Toggle, "") { Letter = 'g' };
    private static readonly Flag Other = new("other", FlagKind.Toggle, "") { Letter = 'h' };
    private static readonly Flag List = new("list", FlagKind.List, "");
    private static readonly Flag Number = new("number", FlagKind.Number, "") { Letter = 'v' };

    [Theory]
    [InlineData("--text=x", "x")]
    [InlineData("--text x", "x")]
    [InlineData("-tx", "x")]
    [InlineData("-t=x", "x")]
    [InlineData("-t x", "x")]
    [InlineData("-gtx", "x")]
    [InlineData("-ght x", "x")]
    [InlineData("--text a --text b", "b")]
    [InlineData("--text=", "")]
    [InlineData("--text --toggle", "--toggle")]
    [InlineData("word --text x", "x")]
    public void Values_are_read_in_every_form(string line, string value) => Assert.Equal(value, Parse(line).Text(Text));

    [Theory]
    [InlineData("--toggle", true)]
    [InlineData("--toggle=true", true)]
    [InlineData("--toggle=T", true)]
    [InlineData("--toggle=0", false)]
    [InlineData("--toggle --toggle=false", false)]
    [InlineData("-g", true)]
    [InlineData("-g=false", false)]
    [InlineData("-- --toggle", false)]
    public void Toggles_never_take_the_next_word(string line, bool on) => Assert.Equal(on, Parse(line + " false").On(Toggle));

    [Theory]
    [InlineData("--list a,b --list c", new[] { "a", "b", "c" })]
    [InlineData("--list \"a,b\",c", new[] { "a,b", "c" })]
    [InlineData("--list=", new string[0])]
    public void Lists_add_up(string line, string[] values) => Assert.Equal(values, Parse(line).List(List));

    [Fact]
    public void The_environment_comes_first_and_its_bad_values_are_passed_over()
    {
        var environment = new Dictionary<string, string> { ["SEALED_SECRETS_LIST"] = "x,y", ["SEALED_SECRETS_TEXT"] = "e", ["SEALED_SECRETS_TOGGLE"] = "maybe", ["SEALED_SECRETS_NUMBER"] = "NaN" };
        var flags = Parser().Parse(["--list", "z"], environment.GetValueOrDefault);
        Assert.Equal(["x", "y", "z"], flags.List(List));
        Assert.Equal("e", flags.Text(Text));
        Assert.False(flags.Given(Toggle));
        Assert.False(flags.Given(Number));
    }

    [Theory]
    [InlineData("--nope", "unknown flag: --nope")]
    [InlineData("--tex", "unknown flag: --tex (did you mean --text?)")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("-gx", "unknown shorthand flag: 'x' in -gx")]
    [InlineData("--text", "flag needs an argument: --text")]
    [InlineData("-gt", "flag needs an argument: 't' in -gt")]
    [InlineData("--=x", "bad flag syntax: --=x")]
    [InlineData("-v x", "invalid argument \"x\" for \"-v, --number\" flag: strconv.ParseInt: parsing \"x\": invalid syntax")]
    public void Mistakes_are_named_as_pflag_names_them(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(line)).Message);

    private static ParsedFlags Parse(string line) => Parser().Parse(line.Split(' '), _ => null);

    private static FlagParser Parser() => new([new FlagGroup("", [Text, Toggle, Other, List, Number])]);
}
