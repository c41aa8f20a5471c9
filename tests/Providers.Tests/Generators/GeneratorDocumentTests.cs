using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed partial class GeneratorDocumentTests
{
    [Fact]
    public void Each_generator_has_a_manifest_in_its_page_and_the_check_finds_no_fault()
    {
        var catalog = Catalog.Generators();
        var manifests = Block().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "generators.md")))
            .SelectMany(block => YamlReader.ReadAll(block.Groups[1].Value))
            .Where(document => (string?)document.Root?["apiVersion"] == "generators.external-secrets.io/v1alpha1")
            .ToList();

        foreach (var manifest in manifests)
        {
            var kind = (string)manifest.Root!["kind"]!;
            var spec = manifest.Root["spec"];
            if (kind == "ClusterGenerator") (kind, spec) = ((string)spec!["kind"]!, spec["generator"]!.AsObject().Single().Value);
            var generator = Assert.IsType<IGenerator>(catalog.Find(kind), exactMatch: false);
            Assert.Empty(new GeneratorSetUp(generator).Check(spec?.ToJsonString() ?? "null"));
        }

        Assert.Superset(catalog.All.Select(generator => generator.Kind).ToHashSet(), manifests.Select(manifest => (string)manifest.Root!["kind"]!).ToHashSet());
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
