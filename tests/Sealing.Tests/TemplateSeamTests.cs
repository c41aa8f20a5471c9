using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

/// <summary>What Unsealer does around a template engine; the engine's own behaviour is tested where it lives.</summary>
public sealed class TemplateSeamTests : IDisposable
{
    private readonly KeyRing ring = Keys.Ring(1);

    public void Dispose() => ring.Dispose();

    [Fact]
    public void Without_an_engine_an_object_with_data_templates_fails_before_any_operation()
    {
        using var result = Unsealer.Unseal(Templated(("t", "{{ .k }}")), ring, UnsealOptions.Default);
        Assert.Equal(UnsealFailureKind.TemplateUnsupported, result.Failure?.Kind);
        Assert.Equal(0, result.PrivateOperations);
    }

    [Fact]
    public void Output_of_a_template_adds_an_item_or_replaces_the_one_of_its_name()
    {
        using var result = Unsealer.Unseal(Templated(("added", "x"), ("k", "y")), ring, Engine(Reverse));
        Assert.Equal(["added", "k", "other"], result.Opened!.Secret.Data!.Keys);
        Assert.Equal("added:x:v", result.Opened.Text("added"));
        Assert.Equal("k:y:v", result.Opened.Text("k"));
        Assert.Equal("w", result.Opened.Text("other"));

        static TemplateRendering Reverse(string name, string template, IReadOnlyDictionary<string, byte[]> items) =>
            TemplateRendering.Of(Encoding.UTF8.GetBytes($"{name}:{template}:{Encoding.UTF8.GetString(items["k"])}"));
    }

    [Fact]
    public void A_template_sees_items_and_not_the_output_of_other_templates()
    {
        using var result = Unsealer.Unseal(
            Templated(("a", ""), ("b", "")), ring, Engine((_, _, items) => TemplateRendering.Of(Encoding.UTF8.GetBytes(string.Join(',', items.Keys)))));
        Assert.Equal("k,other", result.Opened!.Text("b"));
    }

    [Fact]
    public void Failing_templates_fail_the_object_with_the_text_of_the_engine()
    {
        using var result = Unsealer.Unseal(
            Templated(("t", "1"), ("s", "1"), ("fine", "2")), ring,
            Engine((_, template, _) => template == "1" ? TemplateRendering.Failed("template: unclosed action") : TemplateRendering.Of([])));
        Assert.Equal(UnsealFailureKind.TemplateFailed, result.Failure?.Kind);
        Assert.Equal("template: unclosed action (s, t)", result.Failure?.Message);
    }

    private static UnsealOptions Engine(TemplateRenderer renderer) => UnsealOptions.Default with { Templates = renderer };

    private SealedSecret Templated(params (string Name, string Source)[] templates)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, source) in templates) data[name] = source;
        return Samples.Seal(Samples.Secret(("k", "v"), ("other", "w")), ring.Current!).WithTemplate(template => template with { Data = data });
    }
}
