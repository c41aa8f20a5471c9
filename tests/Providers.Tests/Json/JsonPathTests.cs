using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Tests.Json;

public sealed class JsonPathTests
{
    private const string Document = """
        {"name":"app","a-b":1.50,"nested":{"x":{"deep":"found"}},"list":["zero","one","two","three"],
         "items":[{"id":1,"kind":"user","value":"u"},{"id":2,"kind":"admin","value":"root"},{"kind":"admin"}],"flag":true,"7":"seven"}
        """;

    [Theory]
    [InlineData("$.name", "\"app\"")]
    [InlineData(" $.name ", "\"app\"")]
    [InlineData("$['name']", "\"app\"")]
    [InlineData("$[\"a-b\"]", "1.50")]
    [InlineData("$.nested.x.deep", "\"found\"")]
    [InlineData("$['nested']['x'].deep", "\"found\"")]
    [InlineData("$.list[0]", "\"zero\"")]
    [InlineData("$.list[-1]", "\"three\"")]
    [InlineData("$.list['1']", "\"one\"")]
    [InlineData("$[7]", "\"seven\"")]
    [InlineData("$.flag", "true")]
    public void A_path_of_names_and_positions_leads_to_one_value(string path, string expected) => Assert.Equal([expected], Find(path));

    [Theory]
    [InlineData("$.list[*]", "\"zero\" \"one\" \"two\" \"three\"")]
    [InlineData("$.list.*", "\"zero\" \"one\" \"two\" \"three\"")]
    [InlineData("$.list[1:3]", "\"one\" \"two\"")]
    [InlineData("$.list[-2:]", "\"two\" \"three\"")]
    [InlineData("$.list[:2]", "\"zero\" \"one\"")]
    [InlineData("$.list[::2]", "\"zero\" \"two\"")]
    [InlineData("$.list[::-1]", "\"three\" \"two\" \"one\" \"zero\"")]
    [InlineData("$.list[0,2]", "\"zero\" \"two\"")]
    [InlineData("$['name','flag']", "\"app\" true")]
    [InlineData("$.items[*].value", "\"u\" \"root\"")]
    [InlineData("$..deep", "\"found\"")]
    [InlineData("$..id", "1 2")]
    [InlineData("$..['deep']", "\"found\"")]
    [InlineData("$.items[?(@.id == 2)].value", "\"root\"")]
    [InlineData("$.items[?(@.kind == 'admin')].value", "\"root\"")]
    [InlineData("$.items[?@.kind=='user'].value", "\"u\"")]
    [InlineData("$.items[?(@.kind != 'user')].id", "2")]
    [InlineData("$.items[?(@.kind == $.items[0].kind)].id", "1")]
    [InlineData("$.items[?(@.kind == 'nobody')]", "")]
    [InlineData("$[?(@ == 'app')]", "\"app\"")]
    public void What_may_find_many_finds_them_in_the_order_of_the_document(string path, string expected)
    {
        Assert.True(JsonPath.Parse(path).FindsMany);
        Assert.Equal(expected, string.Join(' ', Find(path)));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("$.")]
    [InlineData("$.a-b")]
    [InlineData("$.list[")]
    [InlineData("$['open]")]
    [InlineData("$.list[(@.length-1)]")]
    [InlineData("$.items[?(@.id > 1)]")]
    [InlineData("$.name + 1")]
    [InlineData("$.list[1:2:3:4]")]
    [InlineData("$[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@[?(@.a)])])])])])])])])])])])])])])])])])]")]
    public void What_is_not_understood_is_said_with_its_position(string path)
    {
        var failure = Assert.Throws<ProviderException>(() => JsonPath.Parse(path));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("at position", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.absent", ".absent")]
    [InlineData("$.nested.y.deep", ".y")]
    [InlineData("$.list[4]", "[4]")]
    [InlineData("$.list[-5]", "[-5]")]
    [InlineData("$.name.more", ".more")]
    public void What_is_not_there_is_said_with_the_part_that_names_it(string path, string part)
    {
        var failure = Assert.Throws<ProviderException>(() => Find(path));
        Assert.Equal($"the answer has nothing at {part} of the JSON path", failure.Message);
    }

    [Fact]
    public void A_path_cannot_look_at_everything_many_times()
    {
        var document = new StringBuilder("[").AppendJoin(',', Enumerable.Repeat("[[[[1]]]]", 2000)).Append(']').ToString();
        Assert.Throws<ProviderException>(() => JsonPath.Parse("$......*".Replace("......", "..*..*..*..*..*", StringComparison.Ordinal)).Find(JsonPiece.Parse(Encoding.UTF8.GetBytes(document))));
    }

    private static List<string> Find(string path) =>
        JsonPath.Parse(path).Find(JsonPiece.Parse(Encoding.UTF8.GetBytes(Document))).Select(piece => Encoding.UTF8.GetString(piece.Raw.Span)).ToList();
}
