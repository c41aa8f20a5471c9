using System.Text.Json;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Api.Tests;

public sealed class ApiJsonTests
{
    public static TheoryData<string> SealedFiles() =>
        [.. Vectors.Files("sealed", "sealed.json")
            .Where(path => File.ReadAllText(path) is var text && text.StartsWith("{\n  \"kind\"", StringComparison.Ordinal) && text.EndsWith('\n'))
            .Where(path => !path.Contains("18-data-template", StringComparison.Ordinal)) // assembled by hand, like those without that head
            .Select(path => Path.GetRelativePath(Vectors.Folder("sealed"), path))];

    [Theory]
    [MemberData(nameof(SealedFiles))]
    public void A_SealedSecret_of_the_original_is_printed_byte_for_byte(string file)
    {
        var text = File.ReadAllText(Path.Combine(Vectors.Folder("sealed"), file));
        var documents = YamlReader.ReadAll(text);
        var again = string.Concat(documents.Select(document =>
            JsonSerializer.Serialize(document.Root!.Deserialize(ApiJson.Compact.SealedSecret), ApiJson.Indented.SealedSecret) + "\n"));
        Assert.Equal(text, again);
    }

    [Fact]
    public void Html_characters_are_escaped_as_go_does_and_others_are_not() =>
        Assert.Contains("\"a\": \"\\u003c\\u003e\\u0026 ' + ` é \U0001F600 \\u2028 \\b \\u0000\"", JsonSerializer.Serialize(
            new Secret { StringData = new(StringComparer.Ordinal) { ["a"] = "<>& ' + ` é \U0001F600 \u2028 \b \0" } }, ApiJson.Indented.Secret), StringComparison.Ordinal);

    [Fact]
    public void Bad_base64_names_the_item_and_not_its_content()
    {
        var failure = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"data":{"password":"hunter2!"}}""", ApiJson.Compact.Secret));
        Assert.Contains("illegal base64 data at input byte 7 (data.password)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_where_text_is_expected_is_refused_with_its_key() =>
        Assert.Contains("\"port\"", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"stringData":{"port":5432}}""", ApiJson.Compact.Secret)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_odd_encryptedData_entry_is_dropped_and_the_rest_is_read()
    {
        var read = JsonSerializer.Deserialize("""{"spec":{"encryptedData":{"a":{"x":[1]},"b":"Ag","c":3}}}""", ApiJson.Compact.SealedSecret)!;
        Assert.Equal(["b"], read.Spec.EncryptedData!.Keys);
        Assert.Null(JsonSerializer.Deserialize("""{"spec":{"encryptedData":[1]}}""", ApiJson.Compact.SealedSecret)!.Spec.EncryptedData);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":null,"spec":null}""")]
    public void What_every_object_has_is_never_null_even_when_the_text_lacks_it(string json)
    {
        Assert.NotNull(JsonSerializer.Deserialize(json, ApiJson.Compact.Secret)!.Metadata);
        var read = JsonSerializer.Deserialize(json, ApiJson.Compact.SealedSecret)!;
        Assert.NotNull(read.Metadata);
        Assert.NotNull(read.Spec);
        Assert.Null(read.Kind);
    }

    [Fact]
    public void A_Secret_never_prints_its_values() =>
        Assert.Equal("Secret ns/n", new Secret { Metadata = new() { Name = "n", Namespace = "ns" }, StringData = new() { ["k"] = "hunter2" } }.ToString());
}
