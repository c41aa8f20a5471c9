using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.GoTemplate.Tests.Rendering;

/// <summary>Templates of targets that are no Secrets: data, labels and annotations as ever, and any path.</summary>
public sealed class ManifestTests
{
    [Theory]
    [InlineData("Data", """{"data":{"url":"https://h","port":"80"}}""")]
    [InlineData("dATA", """{"data":{"url":"https://h","port":"80"}}""")]
    [InlineData("Spec", """{"spec":{"url":"https://h","port":80}}""")]
    [InlineData("spec.database", """{"spec":{"keep":1,"database":{"name":"db","url":"https://h","port":80}}}""")]
    [InlineData("spec.rules[1].to", """{"spec":{"keep":1,"database":{"name":"db"},"rules":[null,{"to":{"url":"https://h","port":80}}]}}""")]
    [InlineData("rules", """{"rules":{"url":"https://h","port":80}}""")]
    public void A_literal_goes_to_its_target_and_into_the_map_that_is_there(string target, string expected)
    {
        var manifest = JsonNode.Parse("""{"spec":{"keep":1,"database":{"name":"db"}}}""")!.AsObject();
        Render(new TemplateFrom { Target = target, Literal = "url: https://{{ .host }}\nport: 80" }).ApplyTo(manifest);
        foreach (var (key, value) in JsonNode.Parse(expected)!.AsObject()) Assert.True(JsonNode.DeepEquals(value, manifest[key]), manifest.ToJsonString());
    }

    [Theory]
    [InlineData("spec.a", "[1, 2]", """{"spec":{"a":[1,2]}}""")]
    [InlineData("spec.a", "true", """{"spec":{"a":true}}""")]
    [InlineData("spec.a[0][1]", "x", """{"spec":{"a":[[null,"x"]]}}""")]
    public void What_is_no_map_takes_the_place_of_what_is_there(string target, string literal, string expected)
    {
        var manifest = new JsonObject();
        Render(new TemplateFrom { Target = target, Literal = literal }).ApplyTo(manifest);
        Assert.Equal(expected, manifest.ToJsonString());
    }

    [Fact]
    public void A_text_of_a_ConfigMap_as_Values_is_YAML_at_a_path_and_text_in_the_data()
    {
        var from = new TemplateSource { Name = "texts", Items = [new TemplateItem { Key = "n" }] };
        var resources = new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>
        {
            [new TemplateResource(TemplateResourceKind.ConfigMap, "texts")] = new Dictionary<string, byte[]> { ["n"] = Encoding.UTF8.GetBytes("{{ len .host }}") },
        };
        var manifest = new JsonObject();
        Render([new TemplateFrom { Target = "spec.replicas", ConfigMap = from }, new TemplateFrom { ConfigMap = from }, new TemplateFrom { Target = "spec", ConfigMap = from }], resources).ApplyTo(manifest);
        Assert.Equal("""{"spec":{"replicas":1,"n":"1"},"data":{"n":"1"}}""", manifest.ToJsonString());
    }

    [Fact]
    public void Labels_and_annotations_are_rendered_and_values_are_decoded()
    {
        var template = new ExternalSecretTemplate
        {
            Metadata = new TemplateMetadata { Labels = new() { ["h"] = "{{ .host }}" }, Finalizers = ["a/b"] },
            TemplateFrom = [new TemplateFrom { Target = "annotations", Literal = "x: eQ==", ValuesDecodingStrategy = "Base64" }, new TemplateFrom { Target = "spec.a", Literal = "x: eQ==\ncount: 1", ValuesDecodingStrategy = "Base64" }],
            Data = new() { ["conf"] = "{{ .host }}" },
        };
        var rendered = Renderer().RenderManifest(template, Values, new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>(), isConfigMap: true, CancellationToken.None);
        var manifest = new JsonObject();
        rendered.ApplyTo(manifest);
        Assert.Equal("""{"spec":{"a":{"x":"y","count":1}},"data":{"conf":"h"}}""", manifest.ToJsonString());
        Assert.Equal(("h", "y", "a/b"), (rendered.Labels["h"], rendered.Annotations["x"], rendered.Finalizers[0]));
    }

    [Theory]
    [InlineData(true, """{"data":{"host":"h"}}""")]
    [InlineData(false, """{"spec":{"data":{"host":"h"}}}""")]
    public void Without_data_and_templateFrom_the_values_stay_where_they_go_without_a_template(bool isConfigMap, string expected)
    {
        var template = new ExternalSecretTemplate { Metadata = new TemplateMetadata { Labels = new() { ["a"] = "b" } } };
        var manifest = new JsonObject();
        Renderer().RenderManifest(template, Values, new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>(), isConfigMap, CancellationToken.None).ApplyTo(manifest);
        Assert.Equal(expected, manifest.ToJsonString());
    }

    [Theory]
    [InlineData("spec..a", "a segment is empty")]
    [InlineData("[0].a", "it must start with a key")]
    [InlineData("spec.a[", "a '[' has no ']'")]
    [InlineData("spec.a[x]", "no number from 0 to 10000")]
    [InlineData("spec.a[10001]", "no number from 0 to 10000")]
    [InlineData("spec.a[-1]", "no number from 0 to 10000")]
    [InlineData("metadata.ownerReferences", "metadata is not for templates")]
    [InlineData("status.phase", "status is not for templates")]
    [InlineData("kind", "kind is not for templates")]
    public void A_target_to_which_nothing_can_be_written_is_refused(string target, string problem)
    {
        var failure = Assert.Throws<TargetTemplateException>(() => Render(new TemplateFrom { Target = target, Literal = "a: b" }));
        Assert.Contains($"template.templateFrom[0].target \"{target}\": ", failure.PublicMessage, StringComparison.Ordinal);
        Assert.Contains(problem, failure.PublicMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spec.name.first", "there is no map that could have the key \"first\"")]
    [InlineData("spec[0]", "there is no list that could have the place [0]")]
    public void What_is_in_the_way_is_told_without_its_value(string target, string problem)
    {
        var manifest = JsonNode.Parse("""{"spec":{"name":"hunter2"}}""")!.AsObject();
        var failure = Assert.Throws<TargetTemplateException>(() => Render(new TemplateFrom { Target = target, Literal = "x" }).ApplyTo(manifest));
        Assert.Contains(problem, failure.PublicMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.PublicMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void What_renders_to_no_YAML_is_told_without_its_text()
    {
        var failure = Assert.Throws<TargetTemplateException>(() => Render(new TemplateFrom { Target = "spec.a", Literal = "a: [{{ .host }}" }));
        Assert.Contains("template.templateFrom[0].literal: what it rendered is no YAML", failure.PublicMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_text_goes_to_the_binary_data_of_a_ConfigMap_and_nowhere_else()
    {
        var values = new Dictionary<string, byte[]> { ["a"] = [0xff, 0x00] };
        var manifest = new JsonObject();
        TargetRenderer.ManifestWithoutTemplate(values, [], [], isConfigMap: true).ApplyTo(manifest);
        Assert.Equal("""{"binaryData":{"a":"/wA="}}""", manifest.ToJsonString());
        Assert.Throws<TargetTemplateException>(() => TargetRenderer.ManifestWithoutTemplate(values, [], [], isConfigMap: false));
    }

    private static Dictionary<string, byte[]> Values => new() { ["host"] = Encoding.UTF8.GetBytes("h") };

    private static TargetRenderer Renderer() => new(new TargetRendererOptions());

    private static RenderedManifest Render(TemplateFrom from) => Render([from], new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>());

    private static RenderedManifest Render(IReadOnlyList<TemplateFrom> from, IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources) =>
        Renderer().RenderManifest(new ExternalSecretTemplate { TemplateFrom = from }, Values, resources, isConfigMap: false, CancellationToken.None);
}
