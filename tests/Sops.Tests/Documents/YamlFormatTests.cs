using System.Text;
using CsCheck;

namespace GitOpsSecrets.Sops.Tests.Documents;

public sealed class YamlFormatTests
{
    [Theory]
    [InlineData("a: 1\n")]
    [InlineData("{}\n")]
    [InlineData("# only a comment\n{}\n")]
    [InlineData("a: {}\nb: []\nc: \"\"\nd: null\n")]
    [InlineData("# head\na: 1 # inline\n# before b\nb:\n    # in b\n    c: x\n    # foot of b\n# foot of all\n")]
    [InlineData("list:\n    # before one\n    - one\n    - two # behind two\n    # foot\n")]
    [InlineData("list:\n    # before a map\n    - a: 1\n      # before b\n      b: 2\n    - - x\n      - - z\n")]
    [InlineData("a: |\n    line one\n    line two\nb: |-\n    no\n    end\nc: |+\n    two\n\n")]
    [InlineData("list:\n    - |\n      in a list\n      of blocks\n    - k: |\n        deeper\n        still\n")]
    [InlineData("a: |4\n      indented first\n    line\nlist:\n    - |2\n        indented\n      here\n")]
    [InlineData("a: | # behind a block\n    line\n    line\nb: 2\n")]
    [InlineData("\"y\": \"yes\"\n\"1\": \"1\"\n\"null\": \"null\"\n\"\": \"\"\n")]
    [InlineData("a: 'single: quoted'\nb: '# no comment'\nc: x#y\nd: 'x #y'\n'- e': -e\n")]
    [InlineData("a: \"tab\\tand \\\"quotes\\\"\"\nb: it's\nc: Grüße\nd: \"\\U0001F510\"\n")]
    [InlineData("!!merge <<:\n    x: 1\n")]
    [InlineData("a: 1\n---\nb: 2\n---\n{}\n")]
    [InlineData("a: 2024-02-29T12:34:56.789+02:00\nb: 1e+06\nc: .inf\nd: -.inf\ne: .nan\nf: 1.5e-09\n")]
    [InlineData("a: 'trailing space '\nb: ' leading'\nc: \"a: b\\nwith space \\nbefore break\"\n")]
    public void Text_in_the_layout_of_SOPS_is_written_back_the_same(string text)
    {
        // A merge key is explicit in sealed files only; elsewhere its tag is core YAML all the same.
        using var file = Parse(text);
        Assert.Equal(text, Write(file));
    }

    [Theory]
    [InlineData("a: {b: 1, c: [x, y]}", "a:\n    b: 1\n    c:\n        - x\n        - \"y\"\n")]
    [InlineData("list:\n- one\n- two\n# before b\nb: 1", "list:\n    - one\n    - two\n# before b\nb: 1\n")]
    [InlineData("a: >-\n  folded\n  text\n", "a: folded text\n")]
    [InlineData("a: # behind a key\n  b: 1\n", "# behind a key\na:\n    b: 1\n")]
    [InlineData("a:\n  b: 1\n  # indented\nc: 2\n", "a:\n    b: 1\n    # indented\nc: 2\n")]
    [InlineData("a: [] # behind\nb: 1\n", "# behind\na: []\nb: 1\n")]
    [InlineData("base: &b\n  x: 1\ncopy: *b\n", "base:\n    x: 1\ncopy:\n    x: 1\n")]
    [InlineData("a: {b: &x c, d: *x}\n", "a:\n    b: c\n    d: c\n")]
    [InlineData("x: &d {a: 1}\nz:\n  <<: *d\n", "x:\n    a: 1\nz:\n    !!merge <<:\n        a: 1\n")]
    [InlineData("a: !!str 5\nb: !!int \"7\"\nc: !!binary aGVsbG8=\nd: !!float 3\n", "a: \"5\"\nb: 7\nc: hello\nd: 3\n")]
    [InlineData("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n")]
    [InlineData("\uFEFFa: 1\n", "a: 1\n")]
    [InlineData("", "{}\n")]
    [InlineData("--- # of the first\na: 1\n...\n---\nb: 2\n", "# of the first\na: 1\n---\nb: 2\n")]
    [InlineData("a: \"x\" # comment with 'quotes\nb: 'it''s # not'\n", "a: x # comment with 'quotes\nb: 'it''s # not'\n")]
    public void Other_layouts_keep_their_meaning_and_comments(string text, string expected)
    {
        using var file = Parse(text);
        Assert.Equal(expected, Write(file));
    }

    [Theory]
    [InlineData("- a\n- b\n")]
    [InlineData("just text\n")]
    [InlineData("1: x\n")]
    [InlineData("true: x\n")]
    [InlineData("[a]: x\n")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("x: 1\n---\na: 1\na: 2\n")]
    [InlineData("a: *missing\n")]
    [InlineData("a: &x [*x]\n")]
    [InlineData("a: !custom x\n")]
    [InlineData("a: !!int x\n")]
    [InlineData("a: 18446744073709551615\n")]
    [InlineData("a: [1\n")]
    [InlineData("a: \"CANARY\n")]
    [InlineData("a: 1\n b: CANARY\n")]
    public void What_SOPS_cannot_hold_is_refused_without_a_quote_of_it(string text)
    {
        var failure = Assert.Throws<SopsException>(() => Parse(text));
        Assert.Equal(SopsFailure.Malformed, failure.Failure);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &x ENC\n")]
    [InlineData("a: x\nb: *a\n")]
    [InlineData("a: !!str x\n")]
    [InlineData("a: !!binary eA==\n")]
    [InlineData("!!str a: x\n")]
    public void Anchors_aliases_and_tags_are_refused_in_sealed_files(string text) =>
        Assert.Equal(SopsFailure.Malformed, Assert.Throws<SopsException>(() => SopsFile.Parse(Encoding.UTF8.GetBytes(text + "sops: {}\n"), SopsFormat.Yaml)).Failure);

    [Fact]
    public void A_bomb_of_aliases_stops_at_the_node_limit()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++) bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Equal(SopsFailure.Limit, Assert.Throws<SopsException>(() => Parse(bomb.ToString())).Failure);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Nesting_stops_at_the_depth_limit(string open, string close)
    {
        var text = "a: " + string.Concat(Enumerable.Repeat(open, 1000)) + string.Concat(Enumerable.Repeat(close, 1000));
        Assert.Equal(SopsFailure.Limit, Assert.Throws<SopsException>(() => Parse(text)).Failure);
    }

    [Fact]
    public void A_long_file_is_refused() =>
        Assert.Equal(SopsFailure.Limit, Assert.Throws<SopsException>(() => PlainFile.Parse("a: 12345"u8, SopsFormat.Yaml, new SopsLimits(MaxBytes: 7))).Failure);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.Equal(SopsFailure.Malformed, Assert.Throws<SopsException>(() => PlainFile.Parse([0x61, 0x3A, 0x20, 0xFF], SopsFormat.Yaml)).Failure);

    [Fact]
    public void Any_document_comes_back_from_its_text() =>
        DocumentGen.Map.Sample(map =>
        {
            using var file = new PlainFile(SopsFormat.Yaml, [map.Clone()]);
            var text = Write(file);
            using var back = Parse(text);
            Assert.Equal(DocumentGen.Describe(map), DocumentGen.Describe(back.Documents[0]));
            Assert.Equal(text, Write(back));
        }, iter: 1000, print: map => Write(new PlainFile(SopsFormat.Yaml, [map])));

    [Fact]
    public void The_indentation_of_the_rules_file_is_followed()
    {
        using var file = Parse("a:\n    b:\n        - c: 1\n          d: |\n            x\n            y\n");
        Assert.Equal("a:\n  b:\n    - c: 1\n      d: |\n        x\n        y\n", Encoding.UTF8.GetString(file.ToBytes(new SopsLayout(YamlIndent: 2))));
    }

    private static PlainFile Parse(string text) => PlainFile.Parse(Encoding.UTF8.GetBytes(text), SopsFormat.Yaml);

    private static string Write(PlainFile file) => Encoding.UTF8.GetString(file.ToBytes());
}
