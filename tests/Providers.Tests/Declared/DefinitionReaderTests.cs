using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

public sealed class DefinitionReaderTests
{
    private const string Smallest = """
        name: acme
        server: "{url}"
        inputs: {url: {field: url, required: true}}
        read: {steps: {get: "/{ref.key}", missing: {at: error}}, result: {value: value}}
        """;

    [Fact]
    public void The_smallest_definition_reads() => Assert.Equal(StoreCapability.ReadOnly, DefinitionReader.Read("acme.yaml", Smallest).Capability);

    [Theory]
    [InlineData("name: acme", "name: a b", "acme.yaml.name must be made of letters, digits and dashes")]
    [InlineData("name: acme", "", "acme.yaml.name is required")]
    [InlineData("server:", "serber:", "acme.yaml.server is required")]
    [InlineData("name: acme", "name: acme\nscript: rm", "acme.yaml.script is not known; there are ")]
    [InlineData("get: \"/{ref.key}\"", "get: \"/{key}\"", "acme.yaml: read[0].steps[0] uses \"key\", which nothing before it gives; there are ref.key, ref.metadata, ref.property, ref.version, url")]
    [InlineData("get: \"/{ref.key}\"", "get: \"/{ref.key\"", "acme.yaml.read.steps.get: \"{\" without a \"}\" after it")]
    [InlineData("read: {", "read: {key: \"{1st}\", ", "acme.yaml.read.key: \"1st\" is not the name of a part")]
    [InlineData("get: \"/{ref.key}\"", "get: /a, post: /b", "acme.yaml.read.steps must have exactly one of get, post, put, patch, delete, with a path")]
    [InlineData("{at: error}", "{status: 404}", "acme.yaml.read.steps.missing must say with \"at\" what only this store's answer has, or \"anyBody: true\"")]
    [InlineData("{at: error}", "{at: error, status: no}", "acme.yaml.read.steps.missing.status must be a whole number")]
    [InlineData("{value: value}", "{}", "acme.yaml.read.result must have exactly one of value, body and certificate")]
    [InlineData("{field: url, required: true}", "{field: url, secret: x}", "acme.yaml.inputs.url must have exactly one of field, secret, either, serviceAccount, list, ordered, with the field's path")]
    [InlineData("name: acme", "name: [", "acme.yaml: a list or a map in brackets does not end")]
    [InlineData("name: acme", "name: \"acme", "acme.yaml: line ")]
    [InlineData("name: acme", "name: acme\nname: other", "acme.yaml: line 2")]
    public void A_mistake_is_told_with_its_field_or_line(string part, string instead, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<DefinitionException>(() => DefinitionReader.Read("acme.yaml", Smallest.Replace(part, instead, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "acme.yaml.push.lookup is required, or lookups")]
    [InlineData("lookup: {get: /a}, lookups: []", "acme.yaml.push.lookup and lookups are two ways to say one thing")]
    [InlineData("lookup: {get: /a}", "acme.yaml.push.create is required, or mustExist")]
    [InlineData("lookup: {get: /a}, create: {post: /a}", "acme.yaml.push.update is required")]
    [InlineData("lookup: {get: /a}, create: {post: /a}, update: {put: /a}", "acme.yaml.push.delete is required")]
    [InlineData("lookup: {get: /a}, create: {post: /a}, update: {put: /a}, delete: {delete: /a}, as: members", "acme.yaml.push.current is required where a property goes into what is there")]
    [InlineData("as: file", "acme.yaml.push.as must be one of text, property, members, object")]
    [InlineData("lookups: {steps: {get: /a, missing: {at: error}, take: {id: id}}}, create: {post: \"/{id}\"}, update: {put: /a}, delete: {delete: /a}", "acme.yaml: push.create[0] uses \"id\", which nothing before it gives")]
    public void A_mistake_in_how_a_store_is_written_is_told_by_its_field(string push, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<DefinitionException>(() => DefinitionReader.Read("acme.yaml", Pushing(push))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_lookup_took_before_it_found_nothing_is_known_to_what_is_made() =>
        Assert.Equal(StoreCapability.WriteOnly, DefinitionReader.Read("acme.yaml", Pushing("lookups: {steps: {get: /a, take: {id: id}}}, create: {post: \"/{id}\"}, update: {put: \"/{id}\"}, delete: {delete: /a}")).Capability);

    [Fact]
    public void A_definition_that_neither_reads_nor_pushes_is_none() =>
        Assert.Equal("acme.yaml.read is required, or push", Assert.Throws<DefinitionException>(() => DefinitionReader.Read("acme.yaml", "name: acme\nserver: https://acme.example")).Message);

    [Fact]
    public void All_mistakes_of_a_folder_are_told_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("definitions-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "one.yaml"), Smallest);
            File.WriteAllText(Path.Combine(folder.FullName, "same.yaml"), Smallest);
            File.WriteAllText(Path.Combine(folder.FullName, "wrong.yaml"), "name: wrong");
            File.WriteAllText(Path.Combine(folder.FullName, ".hidden.yaml"), "no");
            var mistakes = Assert.Throws<DefinitionException>(() => OwnDefinitions.Read(folder.FullName)).Message.Split('\n');
            Assert.Equal(["same.yaml: name \"acme\" is that of another file too", "wrong.yaml.server is required"], mistakes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_or_is_empty_is_told()
    {
        Assert.Equal("the folder /no/where is not there", Assert.Throws<DefinitionException>(() => OwnDefinitions.Read("/no/where")).Message);
        var folder = Directory.CreateTempSubdirectory("definitions-");
        Assert.EndsWith("and holds 0", Assert.Throws<DefinitionException>(() => OwnDefinitions.Read(folder.FullName)).Message, StringComparison.Ordinal);
        folder.Delete();
    }

    private static string Pushing(string push) => $"name: acme\nserver: https://acme.example\npush: {{ {push} }}";
}
