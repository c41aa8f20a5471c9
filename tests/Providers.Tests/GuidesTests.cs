using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Providers.Tests.Declared;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests;

public sealed partial class GuidesTests
{
    private const string Index = "vendors.md";

    public static TheoryData<string> Guides() => [.. Directory.GetFiles(Folder(), "*.md").Select(file => Path.GetFileName(file)).Where(file => file != Index)];

    [Theory]
    [MemberData(nameof(Guides))]
    public void A_guides_stores_are_as_their_provider_wants_them(string guide)
    {
        var stores = Stores(guide);
        Assert.NotEmpty(stores);
        foreach (var store in stores)
        {
            var kind = store["kind"]!.GetValue<string>();
            var (name, options) = Assert.Single(store["spec"]!["provider"]!.AsObject());
            var description = new StoreDescription(kind, "store", kind == "SecretStore" ? "default" : null, JsonSerializer.SerializeToElement(options));
            using var own = new OwnGuide();
            var provider = Catalog.Providers(own.Definitions).Find(name);
            Assert.NotNull(provider);
            Assert.Empty(provider.Check(description));
        }
    }

    [Fact]
    public void Every_provider_has_a_page_with_a_store_of_its_kind()
    {
        var shown = Guides().SelectMany(guide => Stores(guide.Data)).Select(store => Assert.Single(store["spec"]!["provider"]!.AsObject()).Key).ToHashSet();
        Assert.All(Catalog.Providers().All, provider => Assert.Contains(provider.Name, shown));
    }

    private static List<JsonObject> Stores(string guide) =>
        [.. YamlBlock().Matches(File.ReadAllText(Path.Combine(Folder(), guide)))
            .SelectMany(block => YamlReader.ReadAll(block.Groups[1].Value)).Select(document => document.Root).OfType<JsonObject>()
            .Where(root => root["kind"]?.GetValue<string>() is "SecretStore" or "ClusterSecretStore")];

    private static string Folder() => RepositoryFolder.Of("docs", "providers");

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();
}
