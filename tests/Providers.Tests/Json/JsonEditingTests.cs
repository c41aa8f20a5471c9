using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Tests.Json;

/// <summary>Expected values follow the rules of sjson's README and source.</summary>
public sealed class JsonEditingTests
{
    [Theory]
    [InlineData(null, "a", """{"a":"v"}""")]
    [InlineData(null, "a.b", """{"a":{"b":"v"}}""")]
    [InlineData(null, "a\\.b", """{"a.b":"v"}""")]
    [InlineData("""{"a":1,"z":[1.50]}""", "b", """{"a":1,"z":[1.50],"b":"v"}""")]
    [InlineData("""{"a":"text"}""", "a.b", """{"a":{"b":"v"}}""")]
    [InlineData("""{"a":["x","y"]}""", "a.1", """{"a":["x","v"]}""")]
    [InlineData("""{"a":[{"b":1}]}""", "a.0.b", """{"a":[{"b":"v"}]}""")]
    [InlineData("""{"a":["x"]}""", "a.-1", """{"a":["x","v"]}""")]
    [InlineData("""{"a":["x"]}""", "a.3", """{"a":["x",null,null,"v"]}""")]
    [InlineData("{}", "a.1", """{"a":[null,"v"]}""")]
    [InlineData("{}", "a.-1.b", """{"a":[{"b":"v"}]}""")]
    [InlineData("{}", "a.:1.b", """{"a":{"1":{"b":"v"}}}""")]
    [InlineData("""{"1":"x"}""", "1", """{"1":"v"}""")]
    [InlineData("""{"a":{"b":"v"}}""", "a.b", """{"a":{"b":"v"}}""")]
    public void A_property_goes_where_its_path_leads(string? old, string property, string expected)
    {
        using var item = new SecretValues();
        item.Set("item", "v"u8.ToArray());
        Assert.Equal(expected, Encoding.UTF8.GetString(JsonEditing.Merged(old is null ? null : Encoding.UTF8.GetBytes(old), Request(property, item))));
    }

    [Theory]
    [InlineData("[1]", "a", "holds no JSON object")]
    [InlineData("hunter2", "a", "holds no JSON object")]
    [InlineData("""{"a":["hunter2"]}""", "a.b", "is none of the places of the list")]
    [InlineData("""{"a":["hunter2"]}""", "a.:0", "is none of the places of the list")]
    [InlineData("""{"a":["hunter2"]}""", "a.1000000", "is none of the places of the list")]
    public void What_has_no_place_is_refused_and_nothing_is_quoted(string old, string property, string problem)
    {
        using var item = new SecretValues();
        item.Set("item", "v"u8.ToArray());
        var failure = Assert.Throws<ProviderException>(() => JsonEditing.Merged(Encoding.UTF8.GetBytes(old), Request(property, item)));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", "a", """{"b":2}""")]
    [InlineData("""{"a":1}""", "a", null)]
    [InlineData("""{"a":{"b":1}}""", "a.b", null)]
    [InlineData("""{"a":{"b":1,"c":2}}""", "a.b", """{"a":{"c":2}}""")]
    [InlineData("""{"a":{"b":{"c":1}},"d":2}""", "a.b.c", """{"d":2}""")]
    [InlineData("""{"a":[{"b":1}]}""", "a.0.b", null)]
    [InlineData("""{"a":{"b":{}},"c":1}""", "c", """{"a":{"b":{}}}""")]
    [InlineData("""{"a":{}}""", "a.b", """{"a":{}}""")]
    [InlineData("""{"a":["x","y"]}""", "a.0", """{"a":["y"]}""")]
    [InlineData("""{ "a": 1 }""", "b", """{ "a": 1 }""")]
    [InlineData("""{ "a": ["x"] }""", "a.5", """{ "a": ["x"] }""")]
    [InlineData("""{ "a": 1 }""", "a.b", """{ "a": 1 }""")]
    [InlineData("text", "a", "text")]
    public void A_property_is_taken_out_and_what_has_none_stays_to_the_byte(string old, string property, string? expected)
    {
        var rest = JsonEditing.Without(Encoding.UTF8.GetBytes(old), property);
        Assert.Equal(expected, rest is null ? null : Encoding.UTF8.GetString(rest));
    }

    [Theory]
    [InlineData("""{"a":"hunter2","a":"hunter3"}""", "b", "\"a\"")]
    [InlineData("""{"a":"hunter2","a":"hunter3"}""", "a", "\"a\"")]
    [InlineData("""{"x":[{"inner":"hunter2","inner":"hunter3"}]}""", "b", "\"inner\"")]
    public void A_secret_with_a_name_twice_is_left_alone_and_the_name_is_told(string old, string property, string name)
    {
        using var item = new SecretValues();
        item.Set("item", "v"u8.ToArray());
        foreach (var edit in (Action[])[() => JsonEditing.Merged(Encoding.UTF8.GetBytes(old), Request(property, item)), () => JsonEditing.Without(Encoding.UTF8.GetBytes(old), property)])
        {
            var failure = Assert.Throws<ProviderException>(edit);
            Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""", true)]
    [InlineData("""{"a":1,"a":2}""", """{"a":1}""", false)]
    [InlineData("""{"a":1.50,"b":[null]}""", """{ "b": [null], "a": 1.50 }""", true)]
    public void Texts_are_compared_by_the_last_of_a_name(string one, string other, bool expected) => Assert.Equal(expected, JsonEditing.AreEqual(one, other));

    private static PushRequest Request(string property, SecretValues item) => new(new("app", property), item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), null);
}
