using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Providers.Tests.Declared;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests;

public sealed partial class GuidesTests
{
    public static TheoryData<string> Guides() => [.. Directory.GetFiles(Folder(), "*.md").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Guides))]
    public void A_guides_stores_are_as_their_provider_wants_them(string guide)
    {
        var blocks = YamlBlock().Matches(File.ReadAllText(Path.Combine(Folder(), guide))).Select(block => block.Groups[1].Value);
        var stores = blocks.SelectMany(block => YamlReader.ReadAll(block)).Select(document => document.Root).OfType<JsonObject>()
            .Where(root => root["kind"]?.GetValue<string>() is "SecretStore" or "ClusterSecretStore").ToList();
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

    private static string Folder() => RepositoryFolder.Of("docs", "providers");

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();
}
