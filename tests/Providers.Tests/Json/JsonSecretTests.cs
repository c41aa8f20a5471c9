using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Tests.Json;

public sealed class JsonSecretTests
{
    private const string Dotted = """{"a.b":"dotted","a":{"b":"nested"},"*":"star","n":1.50,"o":{"k":"v"},"z":null,"t":true,"embedded":"{\"x\":\"y\"}"}""";

    [Theory]
    [InlineData(PropertyOrder.Path, "a.b", "nested")]
    [InlineData(PropertyOrder.DottedNameFirst, "a.b", "dotted")]
    [InlineData(PropertyOrder.PathFirst, "a.b", "nested")]
    [InlineData(PropertyOrder.ExactNameFirst, "a.b", "dotted")]
    [InlineData(PropertyOrder.ExactNameFirst, "*", "star")]
    [InlineData(PropertyOrder.Path, "*", "dotted")]
    [InlineData(PropertyOrder.ExactNameFirst, "o.k", "v")]
    [InlineData(PropertyOrder.DottedNameFirst, "o.k", "v")]
    [InlineData(PropertyOrder.Path, "o", """{"k":"v"}""")]
    [InlineData(PropertyOrder.Path, "n", "1.50")]
    [InlineData(PropertyOrder.Path, "z", "")]
    [InlineData(PropertyOrder.Path, null, Dotted)]
    [InlineData(PropertyOrder.Path, "", Dotted)]
    public void Each_store_keeps_its_order(PropertyOrder order, string? property, string expected)
    {
        using var secret = Secret(Dotted, order);
        Assert.Equal(expected, Encoding.UTF8.GetString(secret.Value(property)!));
    }

    [Fact]
    public void A_dotted_name_is_found_after_the_path_where_the_store_has_it_so()
    {
        using var secret = Secret("""{"a.b":"dotted"}""", PropertyOrder.PathFirst);
        Assert.Equal("dotted", Encoding.UTF8.GetString(secret.Value("a.b")!));
    }

    [Fact]
    public void A_missing_property_is_a_failure_that_names_it_or_a_missing_secret()
    {
        using var strict = Secret("""{"password":"hunter2"}""", PropertyOrder.Path);
        var failure = Assert.Throws<ProviderException>(() => strict.Value("user"));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Equal("key user does not exist in secret remote", failure.Message);

        using var lenient = new JsonSecret("remote", "{}"u8.ToArray(), PropertyOrder.Path, MissingProperty.MissingSecret);
        Assert.Null(lenient.Value("user"));
        Assert.Null(lenient.Values("user"));
    }

    [Fact]
    public void A_map_has_strings_without_quotes_and_everything_else_as_written()
    {
        using var secret = Secret(Dotted, PropertyOrder.Path);
        using var values = secret.Values(null)!;
        Assert.Equal(["*", "a", "a.b", "embedded", "n", "o", "t", "z"], values.Keys);
        Assert.Equal("1.50", Text(values, "n"));
        Assert.Equal("", Text(values, "z"));
        Assert.Equal("""{"k":"v"}""", Text(values, "o"));
        Assert.Equal("true", Text(values, "t"));
        Assert.Equal("dotted", Text(values, "a.b"));
    }

    [Theory]
    [InlineData("o", "k", "v")]
    [InlineData("embedded", "x", "y")]
    public void A_map_is_found_below_a_property_and_inside_a_string(string property, string key, string expected)
    {
        using var secret = Secret(Dotted, PropertyOrder.Path);
        using var values = secret.Values(property)!;
        Assert.Equal(expected, Text(values, key));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("\"hunter2\"")]
    [InlineData("[\"hunter2\"]")]
    [InlineData("{\"a\":\"hunter2\"")]
    [InlineData("")]
    public void What_is_no_object_is_no_map_and_is_not_quoted(string text)
    {
        using var secret = Secret(text, PropertyOrder.Path);
        var failure = Assert.Throws<ProviderException>(() => secret.Values(null));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.StartsWith("unable to unmarshal secret remote", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_come_back_as_they_are_and_nothing_is_left_after_disposal()
    {
        byte[] whole = [0, 255, 10, 13, 200];
        var secret = new JsonSecret("remote", whole, PropertyOrder.Path);
        var value = secret.Value(null)!;
        Assert.Equal([0, 255, 10, 13, 200], value);
        Assert.NotSame(whole, value);
        Assert.Equal(5, secret.Size);
        secret.Dispose();
        Assert.Equal(new byte[5], whole);
        Assert.Throws<ObjectDisposedException>(() => secret.Value(null));
        Assert.DoesNotContain("hunter2", Secret("hunter2", PropertyOrder.Path).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Strings_are_written_as_Go_would()
    {
        using var secret = JsonSecret.OfStrings("remote", [new("a<b", "x&\"y\"\n"), new("c", "é")], PropertyOrder.Path);
        Assert.Equal("{\"a\\u003cb\":\"x\\u0026\\\"y\\\"\\n\",\"c\":\"é\"}", Encoding.UTF8.GetString(secret.Value(null)!));
        using var empty = JsonSecret.OfStrings("remote", [], PropertyOrder.Path);
        Assert.Equal("{}", Encoding.UTF8.GetString(empty.Value(null)!));
    }

    private static JsonSecret Secret(string text, PropertyOrder order) => new("remote", Encoding.UTF8.GetBytes(text), order);

    private static string Text(SecretValues values, string key) => Encoding.UTF8.GetString(values.Find(key)!);
}
