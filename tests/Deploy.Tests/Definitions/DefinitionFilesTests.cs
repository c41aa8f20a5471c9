using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Crds;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>The definitions in deploy/ are what the records of src/Api say.</summary>
public sealed class DefinitionFilesTests
{
    /// <summary>What <c>kubectl apply</c> without <c>--server-side</c> can keep in its annotation, which holds the object as JSON.</summary>
    private const int LastAppliedLimit = 262_144;

    public static TheoryData<string> Paths() => [.. DefinitionFiles.All().Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_file_is_what_the_command_makes(string path) =>
        Assert.True(DefinitionFiles.All().Single(file => file.Path == path).Text == Repository.Read(path), $"{path} differs from the records: run `dotnet run --project eng/Crds`");

    [Theory]
    [InlineData("deploy/crds")]
    [InlineData("deploy/helm/gitopssecrets/crds")]
    public void No_file_is_left_over(string folder) =>
        Assert.Equal(
            DefinitionFiles.All().Select(file => file.Path).Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal)).Append($"{folder}/sealedsecrets.bitnami.com.yaml").Append($"{folder}/sopssecrets.isindir.github.com.yaml").Order(StringComparer.Ordinal),
            Repository.Files(folder, "*.yaml").Where(path => !path.EndsWith("/kustomization.yaml", StringComparison.Ordinal)));

    [Fact]
    public void The_kustomization_has_them_all()
    {
        var listed = YamlReader.ReadAll(Repository.Read("deploy/crds/kustomization.yaml"))[0].Root!["resources"]!.AsArray().Select(name => (string?)name);
        Assert.Equal(Repository.Files("deploy/crds", "*.yaml").Select(Path.GetFileName).Where(name => name != "kustomization.yaml"), listed);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Kubectl_can_apply_it_in_the_old_way(string path)
    {
        var json = YamlReader.ReadAll(Repository.Read(path))[0].Root!.ToJsonString();
        Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, LastAppliedLimit - 8_192);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void No_spec_has_a_default_since_GitOps_tools_would_show_it_as_a_difference(string path) => Assert.All(Schemas(path), schema =>
    {
        if (schema["properties"]!["status"] is JsonObject status) status.Remove("default");
        AssertNoDefault(schema, "");
    });

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_status_that_tells_its_generation_begins_before_the_first(string path) => Assert.All(Schemas(path), schema =>
    {
        var status = schema["properties"]!["status"];
        Assert.Equal(status?["properties"]?["observedGeneration"] is null ? null : """{"observedGeneration":-1}""", status?["default"]?.ToJsonString());
    });

    private static IEnumerable<JsonObject> Schemas(string path) =>
        YamlReader.ReadAll(Repository.Read(path))[0].Root!["spec"]!["versions"]!.AsArray().Select(version => version!["schema"]!["openAPIV3Schema"]!.AsObject());

    private static void AssertNoDefault(JsonObject schema, string path)
    {
        Assert.False(schema.ContainsKey("default"), path);
        foreach (var (name, inner) in (schema["properties"] as JsonObject) ?? []) AssertNoDefault(inner!.AsObject(), $"{path}.{name}");
        if (schema["items"] is JsonObject items) AssertNoDefault(items, path + "[]");
        if (schema["additionalProperties"] is JsonObject values) AssertNoDefault(values, path + "{}");
    }
}
