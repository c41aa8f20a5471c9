using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary><c>spec.template.data</c> of SealedSecrets, with the functions the original offers.</summary>
internal static class SealedTemplates
{
    public static TemplateRenderer Renderer(TimeProvider time) => (name, template, items) =>
    {
        try
        {
            return TemplateRendering.Of(SealedTemplate.Render(name, template, items, time));
        }
        catch (TemplateException failure)
        {
            // Standard error may end in a log: no word of the items.
            return TemplateRendering.Failed(failure.PublicMessage);
        }
    };
}
