using System.Text.Json.Nodes;
using CsCheck;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Api.Tests.Yaml;

public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("123", "\"123\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("1:30", "\"1:30\"")]
    [InlineData("2020-01-01", "\"2020-01-01\"")]
    [InlineData("2024-1-1", "\"2024-1-1\"")]
    [InlineData("2024-13-01", "2024-13-01")]
    [InlineData("2024-02-30", "2024-02-30")]
    [InlineData("0000-02-29", "\"0000-02-29\"")]
    [InlineData("2024-01-01 10:00:00.5", "\"2024-01-01 10:00:00.5\"")]
    [InlineData("2024-01-01t1:2:3.5+02:00", "\"2024-01-01t1:2:3.5+02:00\"")]
    [InlineData("2024-01-01T10:00:00,5Z", "\"2024-01-01T10:00:00,5Z\"")]
    [InlineData("2024-01-01T10:00:00", "2024-01-01T10:00:00")]
    [InlineData("2024-01-01T10:00:00+0200", "2024-01-01T10:00:00+0200")]
    [InlineData("2024-01-01T10:00:00+24:00", "\"2024-01-01T10:00:00+24:00\"")]
    [InlineData("2024-01-01T10:00:00+25:00", "2024-01-01T10:00:00+25:00")]
    [InlineData("2024-01-01T24:00:00Z", "2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T10:00:60Z", "2024-01-01T10:00:60Z")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("a:b#c", "a:b#c")]
    [InlineData("it's", "it's")]
    [InlineData("'quoted'", "'''quoted'''")]
    [InlineData("- x", "'- x'")]
    [InlineData("-x", "-x")]
    [InlineData(" x", "' x'")]
    [InlineData("x ", "'x '")]
    [InlineData("{x}", "'{x}'")]
    [InlineData("a\tb", "\"a\\tb\"")]
    [InlineData("a\r\nb", "\"a\\r\\nb\"")]
    [InlineData("a\nb", "|-\n  a\n  b")]
    [InlineData("a\nb\n", "|\n  a\n  b")]
    [InlineData("a\n\n", "|+\n  a\n")]
    [InlineData(" a\nb", "|2-\n   a\n  b")]
    [InlineData("a \nb", "\"a \\nb\"")]
    [InlineData("größe", "größe")]
    [InlineData("\U0001F600", "\"\\U0001F600\"")]
    [InlineData("\0", "\"\\0\"")]
    public void Text_is_written_as_go_writes_it(string text, string yaml) =>
        Assert.Equal($"k: {yaml}\n", YamlWriter.Write(new JsonObject { ["k"] = text }));

    [Fact]
    public void Keys_are_sorted_and_lists_are_not_indented() =>
        Assert.Equal("a:\n- b: 1\n  c:\n  - x\n- - z\nb2: []\nb10: {}\n",
            YamlWriter.Write(JsonNode.Parse("""{"b10":{},"b2":[],"a":[{"c":["x"],"b":1},["z"]]}""")));

    [Fact]
    public void A_key_longer_than_128_bytes_reads_back()
    {
        var map = new JsonObject { [new string('k', 200)] = "v" };
        Assert.True(JsonNode.DeepEquals(map, YamlReader.Read(YamlWriter.Write(map))));
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("1e30", "1e+30")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("-3", "-3")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    public void Numbers_and_words_are_written_as_go_writes_them(string json, string yaml) =>
        Assert.Equal($"k: {yaml}\n", YamlWriter.Write(YamlReader.Read($"{{\"k\":{json}}}")));

    [Fact]
    public void Every_text_reads_back_as_it_was() =>
        Gen.String.Array[0, 3].Sample(texts =>
        {
            var valid = texts.Select(text => string.Concat(text.EnumerateRunes())).ToArray();
            var map = new JsonObject();
            foreach (var text in valid) map[text] = new JsonArray(text, new JsonObject { ["inner"] = text });
            return JsonNode.DeepEquals(map, YamlReader.Read(YamlWriter.Write(map)));
        });

    [Fact]
    public void Awkward_texts_read_back_as_they_were() =>
        Gen.String[Gen.OneOf(Gen.Char[" \n\t\r:#-'\"|>?&*!%@`{}[],~yn01.eEx_+="], Gen.Char['a', 'c']), 0, 12].Sample(text =>
        {
            var map = new JsonObject { ["k"] = text, [text + "k"] = new JsonArray(text) };
            return JsonNode.DeepEquals(map, YamlReader.Read(YamlWriter.Write(map)));
        });

    public static TheoryData<string> FilesOfTheOriginal() =>
        [.. new[] { "sealed.yaml", "recovered.yaml", "after.yaml" }.SelectMany(name => Vectors.Files("sealed", name))
            .Where(path => File.ReadAllText(path).StartsWith("---", StringComparison.Ordinal)) // some were assembled by hand
            .Select(path => Path.GetRelativePath(Vectors.Folder("sealed"), path))];

    [Theory]
    [MemberData(nameof(FilesOfTheOriginal))]
    public void A_file_of_the_original_is_written_back_byte_for_byte(string file)
    {
        var text = File.ReadAllText(Path.Combine(Vectors.Folder("sealed"), file));
        var again = string.Concat(YamlReader.ReadAll(text).Where(d => d.Root is not null).Select(d => "---\n" + YamlWriter.Write(d.Root)));
        Assert.Equal(text, again);
    }
}
