using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Api.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("""{"a\udc00":"\ud800\u0041 \ud83d\ude00 \\ud800"}""", """{"a\uFFFD":"\uFFFDA \uD83D\uDE00 \\ud800"}""")]
    [InlineData("yes: a", """{"true":"a"}""")]
    [InlineData("n: 1", """{"false":1}""")]
    [InlineData("a: 0x1F", """{"a":31}""")]
    [InlineData("a: 010", """{"a":8}""")]
    [InlineData("a: 1_000", """{"a":1000}""")]
    [InlineData("a: 1e3", """{"a":1000}""")]
    [InlineData("a: -9223372036854775808", """{"a":-9223372036854775808}""")]
    [InlineData("a: 18446744073709551615", """{"a":18446744073709551615}""")]
    [InlineData("a: 1:30", """{"a":"1:30"}""")]
    [InlineData("a: 2020-01-01", """{"a":"2020-01-01"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a: ", """{"a":null}""")]
    [InlineData("a: '~'", """{"a":"~"}""")]
    [InlineData("a: !!str 5", """{"a":"5"}""")]
    [InlineData("a: !!binary aGk=", """{"a":"hi"}""")]
    [InlineData("a: ! 5", """{"a":"5"}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("1: a", """{"1":"a"}""")]
    [InlineData("x: &x {k: 1, l: 2}\nz: {<<: *x, l: 3}", """{"x":{"k":1,"l":2},"z":{"k":1,"l":3}}""")]
    [InlineData("x: &x {k: 1, l: 2}\nz: {l: 3, <<: *x}", """{"x":{"k":1,"l":2},"z":{"l":2,"k":1}}""")]
    [InlineData("x: &x {k: 1}\nu: &y {k: 2}\nz: {<<: *x, <<: *y}", """{"x":{"k":1},"u":{"k":2},"z":{"k":2}}""")]
    [InlineData("x: &x {k: 1}\nu: &y {k: 2}\nz: {k: 3, <<: [*x, *y]}", """{"x":{"k":1},"u":{"k":2},"z":{"k":1}}""")]
    [InlineData("x: &x [1]\nz: *x", """{"x":[1],"z":[1]}""")]
    [InlineData("m: {name: &n a, namespace: b}\nk: *n", """{"m":{"name":"a","namespace":"b"},"k":"a"}""")]
    [InlineData("m: {a: &x 'c', b: {c: &y !!str 5, d: *y},\n  e: &z z, f: [&v g, *v], h: *x}", """{"m":{"a":"c","b":{"c":"5","d":"5"},"e":"z","f":["g","g"],"h":"c"}}""")]
    [InlineData("{a: &x {b: &y c, d: *y}, e: *x, &k f: g, h: *k}", """{"a":{"b":"c","d":"c"},"e":{"b":"c","d":"c"},"f":"g","h":"f"}""")]
    [InlineData("m: {a: &x , b: &y, c: d}", """{"m":{"a":null,"b":null,"c":"d"}}""")]
    [InlineData("\uFEFFa: 1", """{"a":1}""")]
    [InlineData("a: 1\r\nb: 2\r\n", """{"a":1,"b":2}""")]
    [InlineData("{a: b}", """{"a":"b"}""")]
    public void A_text_means_what_kubectl_takes_it_for(string yaml, string json) =>
        Assert.Equal(json, YamlReader.Read(yaml)!.ToJsonString());

    /// <summary>Values of kubeseal 0.36 and kubectl, which read streams line by line.</summary>
    [Theory]
    [InlineData("k: |\n  abc", "abc\n")]
    [InlineData("k: >\n  abc", "abc\n")]
    [InlineData("k: |+\n  abc", "abc\n")]
    [InlineData("k: |-\n  abc", "abc")]
    [InlineData("k: |\r\n  abc", "abc\n")]
    [InlineData("k: |\n  abc\n", "abc\n")]
    [InlineData("k: abc", "abc")]
    public void A_last_line_without_an_end_is_given_one(string yaml, string text) => Assert.Equal(text, (string?)YamlReader.ReadAll(yaml)[0].Root!["k"]);

    [Theory]
    [InlineData("a: 1\na: 2", 2, 1)]
    [InlineData("a: [1, 2", 2, 1)]
    [InlineData("a: *nowhere", 1, 4)]
    [InlineData("a: .inf", 1, 4)]
    [InlineData("? [x]\n: y", 1, 3)]
    [InlineData("<<: 5", 1, 1)]
    [InlineData("a: 1\n<<: {a: 2}\na: 3", 3, 1)]
    [InlineData("<<: {a: 2}\na: 1\na: 3", 3, 1)]
    public void A_bad_text_is_refused_with_its_place(string yaml, long line, long column)
    {
        var failure = Assert.Throws<YamlFormatException>(() => YamlReader.ReadAll(yaml));
        Assert.Equal((line, column), (failure.Line, failure.Column));
    }

    [Fact]
    public void A_duplicate_name_in_json_is_refused() =>
        Assert.Contains("duplicate key \"a\"", Assert.Throws<YamlFormatException>(() => YamlReader.ReadAll("""{"a":1,"a":2}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void Documents_keep_their_index_and_line()
    {
        var documents = YamlReader.ReadAll("a: 1\n---\n# nothing\n---\nb: 2\n");
        Assert.Equal([(0, 1L, true), (1, 4L, false), (2, 5L, true)], documents.Select(d => (d.Index, d.Line, d.Root is not null)));
    }

    [Fact]
    public void Concatenated_json_objects_are_documents() =>
        Assert.Equal(["1", "2"], YamlReader.ReadAll("{\"a\":1}\n{\"a\":2}").Select(d => d.Root!["a"]!.ToJsonString()));

    [Fact]
    public void An_empty_text_has_no_documents() => Assert.Empty(YamlReader.ReadAll(""));

    [Theory]
    [InlineData(10_000)]
    [InlineData(4_000_000)] // what holds where nothing else is said
    public void An_alias_bomb_is_refused(int nodes)
    {
        Assert.Equal(4_000_000, new YamlLimits().MaxNodes);
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("aliases counted", Assert.Throws<YamlFormatException>(() => YamlReader.ReadAll(bomb, new YamlLimits(MaxNodes: nodes))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', ']')]
    public void Deep_nesting_is_refused(char open, char close)
    {
        var text = new string(open, 1000) + new string(close, 1000);
        Assert.Throws<YamlFormatException>(() => YamlReader.ReadAll(text));
        Assert.Throws<YamlFormatException>(() => YamlReader.ReadAll("a: " + text));
    }

    [Fact]
    public void A_text_over_the_limit_is_refused() =>
        Assert.Throws<YamlFormatException>(() => YamlReader.ReadAll("a: 123456", new YamlLimits(MaxCharacters: 5)));

    [Fact]
    public void A_second_document_is_an_error_where_one_is_expected() =>
        Assert.Throws<YamlFormatException>(() => YamlReader.Read("a: 1\n---\nb: 1\n"));
}
