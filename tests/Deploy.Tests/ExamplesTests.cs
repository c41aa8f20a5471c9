using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Deploy.Tests;

public sealed class ExamplesTests
{
    public static TheoryData<string> Files => [.. Repository.Files("deploy/examples", "*.yaml").Where(file => Objects(file).Any(IsSealed))];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_opens_with_the_example_key_and_holds_nothing_but_what_its_readme_says(string file)
    {
        using var keys = ExampleKeys();
        foreach (var json in Objects(file).Where(IsSealed))
        {
            using var result = Unsealer.Unseal(json.Deserialize(ApiJson.Compact.SealedSecret)!, keys, UnsealOptions.Default);

            Assert.True(result.Succeeded, result.Failure?.Message);
            var values = result.Opened.Secret.Data!.Values.Select(value => Encoding.UTF8.GetString(value!)).ToList();
            Assert.NotEmpty(values);
            Assert.All(values, value => Assert.True(value is "changeme" or "alice" || value.Contains("registry.example", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Every_example_is_in_the_kustomization_and_in_the_readme()
    {
        var readme = Repository.Read("deploy/examples/README.md");
        var listed = YamlReader.Read(Repository.Read("deploy/examples/kustomization.yaml"))!["resources"]!.AsArray().Select(item => (string)item!).ToList();
        foreach (var file in Files.Where(row => Path.GetDirectoryName(row.Data) == "deploy/examples").Select(row => Path.GetFileName(row.Data)))
        {
            Assert.Contains(file, listed);
            Assert.Contains($"`{file}`", readme, StringComparison.Ordinal);
        }
    }

    private static bool IsSealed(JsonObject json) => (string?)json["kind"] == "SealedSecret";

    private static IEnumerable<JsonObject> Objects(string file) =>
        YamlReader.ReadAll(Repository.Read(file)).Select(document => document.Root).OfType<JsonObject>();

    private static KeyRing ExampleKeys()
    {
        Assert.True(SealingPrivateKey.TryLoad(Repository.Read("keys.example/tls.key"), out var key, out var failure), failure?.ToString());
        return KeyRing.Of([new SealingKey(key, DateTimeOffset.UnixEpoch)]);
    }
}
