using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>The cases with <c>spec.template.data</c>, opened with the real template engine behind the seam.</summary>
public sealed class TemplateVectorTests
{
    [Fact]
    public void With_an_engine_data_templates_render_to_what_the_original_made_of_them()
    {
        var vector = VectorSet.Case("18-data-template");
        using var result = Open(vector);
        Assert.True(result.Succeeded, result.Failure?.Message);
        Assert.Equal(vector.Expected(), result.Opened.Secret.Data!.ToDictionary(e => e.Key, e => e.Value!));
        Assert.Equal(vector.File("recovered_json"), JsonSerializer.Serialize(result.Opened.Secret, ApiJson.Indented.Secret) + "\n");
    }

    [Theory]
    [InlineData("49-neg-template-env-forbidden")]
    [InlineData("50-neg-template-syntax-error")]
    public void With_an_engine_a_bad_template_is_refused_in_the_words_of_the_original(string id)
    {
        var vector = VectorSet.Case(id);
        using var result = Open(vector);
        Assert.Equal(UnsealFailureKind.TemplateFailed, result.Failure?.Kind);
        Assert.Equal(vector.Text("recovery_stderr"), $"error: {result.Failure?.Message}\n");
    }

    private static UnsealResult Open(VectorCase vector)
    {
        using var ring = VectorSet.Ring(vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;
        return Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default with { Templates = Render });
    }

    private static TemplateRendering Render(string name, string template, IReadOnlyDictionary<string, byte[]> items)
    {
        try
        {
            return TemplateRendering.Of(Template.Parse(name, template, new TemplateOptions()).Execute(GoMap.OfSecrets(items), new ExecuteOptions(), CancellationToken.None));
        }
        catch (TemplateException failure)
        {
            return TemplateRendering.Failed(failure.Message);
        }
    }
}
