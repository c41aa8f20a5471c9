using System.Text;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests;

/// <summary>What go-yaml reads of texts that our parser would refuse, and the other way round.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("password: \"s3cret\n\"", "{\"password\":\"s3cret \"}")]
    [InlineData("a:\n  b: \"x\ny\n\nz\"\nc: \"\n\"", "{\"a\":{\"b\":\"x y\\nz\"},\"c\":\" \"}")]
    [InlineData("a: \"x\\\"\ny\\\nz\" # \"", "{\"a\":\"x\\\" yz\"}")]
    [InlineData("a: {b: &x c, d: *x}", "{\"a\":{\"b\":\"c\",\"d\":\"c\"}}")]
    [InlineData("x: [ a,\nb ]", "{\"x\":[\"a\",\"b\"]}")]
    [InlineData("x: { a: 1,\nb: 2 }\nz: 3", "{\"x\":{\"a\":1,\"b\":2},\"z\":3}")]
    [InlineData("a:\n  {\n\"b\": [\n1,\n2 # ]\n], \"c\": \"}\n\", 'd': 'it''s\n]'\n}\ne: 1", "{\"a\":{\"b\":[1,2],\"c\":\"} \",\"d\":\"it's ]\"},\"e\":1}")]
    [InlineData("a:\n- {\n\nb: c}\n- [\nd]", "{\"a\":[{\"b\":\"c\"},[\"d\"]]}")]
    [InlineData("\ufeffa: 1", "{\"a\":1}")]
    [InlineData("\ufeff{\"a\":1}", "{\"a\":1}")]
    [InlineData("g: \"h\"#i", "{\"g\":\"h\"}")]
    [InlineData("g: [h]#i", "{\"g\":[\"h\"]}")]
    [InlineData("{\"a\":1} junk", "{\"a\":1}")]
    [InlineData("{\"a\":1}\n{\"b\":2}", "{\"a\":1}")]
    [InlineData("b: 2\n<<: [{a: 1, b: 3},{b: 4}]\na: 5", "{\"a\":5,\"b\":3}")]
    [InlineData("a: |\n  \"x\n  [y\nb: \"z\n\"", "{\"a\":\"\\\"x\\n[y\\n\",\"b\":\"z \"}")]
    public void What_go_yaml_reads_is_read(string yaml, string json) => Assert.Equal(json, Read(yaml));

    [Theory]
    [InlineData("\0", "control characters are not allowed")]
    [InlineData("a: \u0001", "control characters are not allowed")]
    [InlineData("a\u007f: 1", "control characters are not allowed")]
    [InlineData("a: \ufffe", "control characters are not allowed")]
    [InlineData("%YAML 1.2\n---\na: 1", "found incompatible YAML document")]
    [InlineData("a: {b: 1\nc: 2}\n", "line 2: ")]
    [InlineData("a: \"x\n---\n\"", "line 1: ")]
    [InlineData("a: [b,\n", "line ")]
    public void What_go_yaml_refuses_is_refused_with_its_reason(string yaml, string reason) =>
        Assert.StartsWith("{\"Error\":\"error converting YAML to JSON: yaml: " + reason, Read(yaml), StringComparison.Ordinal);

    [Fact]
    public void A_rendered_map_may_hold_a_value_that_ends_a_line() =>
        Assert.Equal("s3cret ", Encoding.UTF8.GetString(KeysAndValuesText.Parse("user: u\npassword: \"s3cret\n\"\n"u8)["password"]));

    [Fact]
    public void Mending_many_places_is_stopped_as_any_other_work_is()
    {
        var yaml = string.Concat(Enumerable.Range(0, 500).Select(i => $"a{i}: \"x\ny\"\n"));
        var error = Assert.Throws<TemplateException>(() => Read(yaml, new ExecuteLimits { MaxSteps = 20_000 }));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
    }

    private static string Read(string yaml, ExecuteLimits? limits = null) => Encoding.UTF8.GetString(Template.Parse("t", "{{fromYaml .y | toJson}}", new TemplateOptions())
        .Execute(GoMap.OfSecrets([new("y", Encoding.UTF8.GetBytes(yaml))]), Patience.With(limits ?? new ExecuteLimits()), CancellationToken.None));
}
