using System.Text;
using CsCheck;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Tests.Json;

/// <summary>What SYNTAX.md of github.com/tidwall/gjson says, and where it is silent, what version 1.18 does.</summary>
public sealed class GjsonTests
{
    private const string Absent = "<absent>";

    private const string People = """
        {
          "name": {"first": "Tom", "last": "Anderson"},
          "age":37,
          "children": ["Sara","Alex","Jack"],
          "fav.movie": "Deer Hunter",
          "friends": [
            {"first": "Dale", "last": "Murphy", "age": 44, "nets": ["ig", "fb", "tw"]},
            {"first": "Roger", "last": "Craig", "age": 68, "nets": ["fb", "tw"]},
            {"first": "Jane", "last": "Murphy", "age": 47, "nets": ["ig", "tw"]}
          ]
        }
        """;

    private const string Ish = """
        {"vals":[{"a":1,"b":"data"},{"a":2,"b":true},{"a":3,"b":false},{"a":4,"b":"0"},{"a":5,"b":0},{"a":6,"b":"1"},
        {"a":7,"b":1},{"a":8,"b":"true"},{"a":9,"b":false},{"a":10,"b":null},{"a":11}]}
        """;

    [Theory]
    [InlineData("name.last", "Anderson")]
    [InlineData("name.first", "Tom")]
    [InlineData("age", "37")]
    [InlineData("children", """["Sara","Alex","Jack"]""")]
    [InlineData("children.0", "Sara")]
    [InlineData("children.1", "Alex")]
    [InlineData("children.3", Absent)]
    [InlineData("children.-1", Absent)]
    [InlineData("children.99999999999999999999", Absent)]
    [InlineData("friends.1", """{"first": "Roger", "last": "Craig", "age": 68, "nets": ["fb", "tw"]}""")]
    [InlineData("friends.1.first", "Roger")]
    [InlineData("name", """{"first": "Tom", "last": "Anderson"}""")]
    [InlineData("name.middle", Absent)]
    [InlineData("age.first", Absent)]
    [InlineData("nobody", Absent)]
    [InlineData("", Absent)]
    public void Names_and_indexes_lead_to_values(string path, string expected) => Assert.Equal(expected, Find(People, path));

    [Theory]
    [InlineData("child*.2", "Jack")]
    [InlineData("c?ildren.0", "Sara")]
    [InlineData("*.first", "Tom")]
    [InlineData("f*.1.first", "Roger")]
    [InlineData("?", Absent)]
    [InlineData("*", """{"first": "Tom", "last": "Anderson"}""")]
    [InlineData(@"fav\.movie", "Deer Hunter")]
    [InlineData("fav.movie", Absent)]
    [InlineData(@"fav\.mov*", "Deer Hunter")]
    public void Wildcards_match_and_escapes_do_not(string path, string expected) => Assert.Equal(expected, Find(People, path));

    [Theory]
    [InlineData("friends.#", "3")]
    [InlineData("friends.#.age", "[44,68,47]")]
    [InlineData("friends.#.nobody", "[]")]
    [InlineData("friends.#.nets.0", """["ig","fb","ig"]""")]
    [InlineData("friends.#.nets.#", "[3,2,2]")]
    [InlineData("children.#.first", "[]")]
    [InlineData("name.#", Absent)]
    public void A_number_sign_goes_through_arrays(string path, string expected) => Assert.Equal(expected, Find(People, path));

    [Theory]
    [InlineData("""friends.#(last=="Murphy").first""", "Dale")]
    [InlineData("""friends.#(last=="Murphy")#.first""", """["Dale","Jane"]""")]
    [InlineData("""friends.#(last="Murphy")#.first""", """["Dale","Jane"]""")]
    [InlineData("""friends.#[last="Murphy"]#.first""", """["Dale","Jane"]""")]
    [InlineData("friends.#(last==Murphy)#.first", """["Dale","Jane"]""")]
    [InlineData("friends.#( last == Murphy )#.first", """["Dale","Jane"]""")]
    [InlineData("""friends.#(last!="Murphy").first""", "Roger")]
    [InlineData("friends.#(age>45)#.last", """["Craig","Murphy"]""")]
    [InlineData("friends.#(age>=47)#.age", "[68,47]")]
    [InlineData("friends.#(age<45)#.age", "[44]")]
    [InlineData("friends.#(age<=47)#.age", "[44,47]")]
    [InlineData("friends.#(age==68).first", "Roger")]
    [InlineData("""friends.#(first<"E").first""", "Dale")]
    [InlineData("""friends.#(first%"D*").last""", "Murphy")]
    [InlineData("""friends.#(first!%"D*").last""", "Craig")]
    [InlineData("""children.#(!%"*a*")""", "Alex")]
    [InlineData("""children.#(%"*a*")#""", """["Sara","Jack"]""")]
    [InlineData("""friends.#(nets.#(=="fb"))#.first""", """["Dale","Roger"]""")]
    [InlineData("friends.#(nobody)", Absent)]
    [InlineData("friends.#(nobody)#", "[]")]
    [InlineData("friends.#(nets)#.age", "[44,68,47]")]
    [InlineData("""friends.#(last=="None")#.first""", "[]")]
    [InlineData("""friends.#(last=="None").first""", Absent)]
    [InlineData("""friends.#(last=="Murphy""", Absent)]
    public void Queries_pick_elements(string path, string expected) => Assert.Equal(expected, Find(People, path));

    [Theory]
    [InlineData("vals.#(b==~true)#.a", "[2,6,7,8]")]
    [InlineData("vals.#(b==~false)#.a", "[3,4,5,9,10,11]")]
    [InlineData("vals.#(b==~null)#.a", "[10,11]")]
    [InlineData("vals.#(b==~*)#.a", "[1,2,3,4,5,6,7,8,9,10]")]
    [InlineData("vals.#(b!=~*)#.a", "[11]")]
    [InlineData("vals.#(b==~what)#.a", "[]")]
    [InlineData("vals.#(b==true)#.a", "[2,5,8]")] // a word is no number, which Go reads as 0
    [InlineData("vals.#(b>false)#.a", "[2,7,8]")]
    public void Booleans_are_compared_and_a_tilde_makes_them(string path, string expected) => Assert.Equal(expected, Find(Ish, path));

    [Theory]
    [InlineData("friends|0.first", "Dale")]
    [InlineData("friends.0|first", "Dale")]
    [InlineData("friends|0|first", "Dale")]
    [InlineData("friends|#", "3")]
    [InlineData("""friends.#(last="Murphy")#|first""", Absent)]
    [InlineData("""friends.#(last="Murphy")#.0""", "[]")]
    [InlineData("""friends.#(last="Murphy")#|0""", """{"first": "Dale", "last": "Murphy", "age": 44, "nets": ["ig", "fb", "tw"]}""")]
    [InlineData("""friends.#(last="Murphy")#.#""", "[]")]
    [InlineData("""friends.#(last="Murphy")#|#""", "2")]
    [InlineData("""friends.#(last="Murphy")#.first|0""", "Dale")]
    [InlineData("""friends.#(last="None")#.first|0""", "[]")]
    [InlineData("friends.#.first|1", "Roger")]
    [InlineData("friends.#.nets|0.1", "fb")]
    public void A_pipe_goes_on_with_the_result_as_a_whole(string path, string expected) => Assert.Equal(expected, Find(People, path));

    [Theory]
    [InlineData("children.@reverse", """["Jack","Alex","Sara"]""")]
    [InlineData("children.@reverse.0", "Jack")]
    [InlineData("children|@reverse|0", "Jack")]
    [InlineData("name.@reverse", """{"last":"Anderson","first":"Tom"}""")]
    [InlineData("age.@reverse", "37")]
    [InlineData("name.@ugly", """{"first":"Tom","last":"Anderson"}""")]
    [InlineData("name.@this.first", "Tom")]
    [InlineData("@this.age", "37")]
    [InlineData("age.@valid", "37")]
    [InlineData("name.@keys", """["first","last"]""")]
    [InlineData("name.@values", """["Tom","Anderson"]""")]
    [InlineData("children.@keys", "[null,null,null]")]
    [InlineData("name.@tostr", """{"first": "Tom", "last": "Anderson"}""")]
    [InlineData("name.@tostr.@fromstr.first", "Tom")]
    [InlineData("friends.#.nets.@flatten", """[["ig","fb","tw"],["fb","tw"],["ig","tw"]]""")]
    [InlineData("friends.#.nets|@flatten", """["ig","fb","tw","fb","tw","ig","tw"]""")]
    [InlineData("@dig:first", """["Tom","Dale","Roger","Jane"]""")]
    [InlineData("@dig:nets.0|1", "fb")]
    [InlineData("@nothing", Absent)]
    [InlineData("nobody.@keys", "[]")]
    public void Modifiers_rework_what_is_found(string path, string expected) => Assert.Equal(expected, Find(People, path));

    [Theory]
    [InlineData("[1,[2],[3,4],[5,[6,7]]]", "@flatten", "[1,2,3,4,5,[6,7]]")]
    [InlineData("[1,[2],[3,4],[5,[6,7]]]", """@flatten:{"deep":true}""", "[1,2,3,4,5,6,7]")]
    [InlineData("[1,[],[2]]", "@flatten", "[1,2]")]
    [InlineData("""[{"first":"Tom","age":37},{"age":41}]""", "@join", """{"first":"Tom","age":41}""")]
    [InlineData("""[{"first":"Tom","age":37},1,{"age":41}]""", """@join:{"preserve":true}""", """{"first":"Tom","age":37,"age":41}""")]
    [InlineData("""{"id":["1","2"],"n":["a","b","c"],"x":1}""", "@group", """[{"id":"1","n":"a"},{"id":"2","n":"b"},{"n":"c"}]""")]
    [InlineData("""{"j":"{\"id\":1023,\"n\":\"alert\"}"}""", "j.@fromstr.n", "alert")]
    [InlineData("""{"a":[1,2]}""", "@pretty", "{\n  \"a\": [1, 2]\n}\n")]
    [InlineData("""{"b":{},"a":[{"x":1}]}""", """@pretty:{"sortKeys":true,"indent":" "}""", "{\n \"a\": [\n  {\n   \"x\": 1\n  }\n ],\n \"b\": {}\n}\n")]
    [InlineData("""{"a":[100,200,300]}""", """@pretty:{"width":10}""", "{\n  \"a\": [\n    100,\n    200,\n    300\n  ]\n}\n")]
    public void Modifiers_take_arguments(string json, string path, string expected) => Assert.Equal(expected, Find(json, path));

    [Theory]
    [InlineData("""{name.first,age,"the_murphys":friends.#(last="Murphy")#.first}""", """{"first":"Tom","age":37,"the_murphys":["Dale","Jane"]}""")]
    [InlineData("[name.first,age]", """["Tom",37]""")]
    [InlineData("[name.first,nobody,age]", """["Tom",37]""")]
    [InlineData("{children.#}", """{"_":3}""")]
    [InlineData("[name.first,age].1", "37")]
    [InlineData("[name.first,age]|#", "2")]
    [InlineData("name.[first,last]", """["Tom","Anderson"]""")]
    [InlineData("""name.{"f":first}.f""", "Tom")]
    [InlineData("""{name.first,age,"company":!"Happysoft","employed":!true}""", """{"first":"Tom","age":37,"company":"Happysoft","employed":true}""")]
    [InlineData("""!"hello" """, "hello")]
    [InlineData("""!{"a":[1,2]}.a.1""", "2")]
    [InlineData("""{"n":!12,"o":!null}""", """{"n":12,"o":null}""")]
    [InlineData("[name.first", Absent)]
    public void Multipaths_and_literals_make_documents(string path, string expected) => Assert.Equal(expected, Find(People, path.TrimEnd()));

    [Theory]
    [InlineData("..#", "3")]
    [InlineData("..1.a", "2")]
    [InlineData("..#.a", "[1,2,3]")]
    [InlineData("..#(a>1)#.a", "[2,3]")]
    public void Two_dots_read_lines(string path, string expected) => Assert.Equal(expected, Find("{\"a\":1}\n{\"a\":2}\n{\"a\":3}", path));

    [Theory]
    [InlineData("""{"v":1.50}""", "1.50")]
    [InlineData("""{"v":1e3}""", "1e3")]
    [InlineData("""{"v":123456789012345678901234567890}""", "123456789012345678901234567890")]
    [InlineData("""{"v":null}""", "")]
    [InlineData("""{"v":false}""", "false")]
    [InlineData("""{"v":""}""", "")]
    [InlineData("""{"v":"a\n\"b\"\u00e9\ud83d\ude00\/"}""", "a\n\"b\"é😀/")]
    [InlineData("""{"v":"\ud800x"}""", "\uFFFDx")]
    [InlineData("""{"\u0076":"named by an escape"}""", "named by an escape")]
    [InlineData("""{"v":"first","v":"second"}""", "first")]
    [InlineData(""" { "v" : [ 1 , 2 ] } """, "[ 1 , 2 ]")]
    [InlineData("not json", Absent)]
    [InlineData("""{"v":1""", Absent)]
    [InlineData("", Absent)]
    [InlineData("\"text with {\\\"v\\\":1}\"", Absent)]
    public void Values_come_as_text(string json, string expected) => Assert.Equal(expected, Find(json, "v"));

    [Fact]
    public void Bytes_that_are_no_text_pass_through()
    {
        using var run = new GjsonRun();
        byte[] json = [.. "{\"v\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        Assert.Equal([0xff, 0xfe], Gjson.Find(json, "v", run).ToText());
    }

    [Fact]
    public void A_path_that_asks_for_too_much_is_refused()
    {
        var wide = "[" + string.Join(',', Enumerable.Repeat("@this", 50)) + "]";
        var explosion = string.Join('|', Enumerable.Repeat(wide, 10));
        var failure = Assert.Throws<ProviderException>(() => Find(People, explosion));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Throws<ProviderException>(() => Find(People, new string('a', 5000)));
    }

    [Fact]
    public void Any_path_on_any_document_ends_without_an_accident()
    {
        var pieces = new[] { "a", ".", "|", "#", "(", ")", "[", "]", "{", "}", "\"", "\\", "*", "?", "@this", "@dig:", ":", "!", "=", "==", "%", "~true", "1", ",", "@pretty", "@join" };
        var documents = new[] { "{}", "[]", "1", "\"a\"", People, Ish, """{"a":[[1,{"a":"b"}],{"a":null}]}""", "", "{" };
        var path = Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 12];
        var json = Gen.Int[0, documents.Length - 1].Select(index => documents[index]);
        Gen.Select(path, json).Sample((parts, document) => Find(document, string.Concat(parts)).Length >= 0, iter: 20_000);
    }

    private static string Find(string json, string path)
    {
        using var run = new GjsonRun();
        var found = Gjson.Find(Encoding.UTF8.GetBytes(json), path, run);
        return found.Exists ? Encoding.UTF8.GetString(found.ToText()) : Absent;
    }
}
