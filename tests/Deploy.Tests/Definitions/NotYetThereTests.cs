using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>Fields that a definition refuses are listed with its reason, word for word: the list cannot grow old.</summary>
public sealed partial class NotYetThereTests
{
    private const string OfDefinitions = "src/Providers/Declared/Definitions";

    [Fact]
    public void Every_field_that_a_definition_refuses_is_listed_with_its_reason_and_no_other()
    {
        var refused = Refused().Select(one => $"`{one.Store}.{one.Field}`: {one.Why}").Order(StringComparer.Ordinal).ToList();
        var listed = Row().Matches(Repository.Read("docs/providers.md").Split("## Not yet there")[1]).Select(row => $"{row.Groups["field"].Value}: {row.Groups["why"].Value}").ToList();
        Assert.NotEmpty(refused);
        Assert.Equal(refused, listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_field_that_a_definition_refuses_is_on_its_stores_own_page() =>
        Assert.Empty(Refused().Where(one => !Repository.Read($"docs/providers/{one.Store}.md").Contains($"`{one.Field.Split('.')[^1]}`", StringComparison.Ordinal)).Select(one => $"{one.Store}.{one.Field}"));

    /// <summary>Fields whatever they hold, and those values of one that a way to log in refuses.</summary>
    private static IEnumerable<(string Store, string Field, string Why)> Refused() =>
        from file in Repository.Files(OfDefinitions, "*.yaml")
        let definition = YamlReader.ReadAll(Repository.Read(file))[0].Root!.AsObject()
        from one in Fields(definition).Concat(Values(definition))
        select (Path.GetFileNameWithoutExtension(file), one.Field, one.Why);

    private static IEnumerable<(string Field, string Why)> Fields(JsonObject definition) => (definition["unsupported"]?.AsObject() ?? []).Select(one => (one.Key, one.Value!.ToString()));

    private static IEnumerable<(string Field, string Why)> Values(JsonObject definition) =>
        from way in definition["login"]?.AsArray() ?? []
        where way!["refuse"] is not null
        from input in way["in"]!.AsObject()
        select (definition["inputs"]![input.Key]!["secret"]!.ToString(), way["refuse"]!.ToString());

    [GeneratedRegex(@"^\| (?<field>`[a-z]+\.[^`]+`) \| (?<why>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
