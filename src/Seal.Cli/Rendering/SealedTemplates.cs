using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary><c>spec.template.data</c> of SealedSecrets, with the functions the original offers.</summary>
internal static class SealedTemplates
{
    private static readonly TemplateOptions Options = new() { Functions = TemplateFunctions.SealedSecrets };

    public static TemplateRenderer Renderer(TimeProvider time) => (name, template, items) =>
    {
        try
        {
            return TemplateRendering.Of(Template.Parse(name, template, Options).Execute(GoMap.OfSecrets(items), new ExecuteOptions { Time = time }, CancellationToken.None));
        }
        catch (TemplateException failure)
        {
            // Standard error may end in a log: no word of the items.
            return TemplateRendering.Failed(failure.PublicMessage);
        }
    };
}
