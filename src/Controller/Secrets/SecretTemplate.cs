using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>Renders <c>spec.template.data</c> of SealedSecrets. A failure reaches status and events, so it says nothing of the items.</summary>
internal sealed class SecretTemplate(TimeProvider time)
{
    public TemplateRendering Render(string name, string template, IReadOnlyDictionary<string, byte[]> items)
    {
        try
        {
            return TemplateRendering.Of(SealedTemplate.Render(name, template, items, time));
        }
        catch (TemplateException failure)
        {
            return TemplateRendering.Failed(failure.PublicMessage);
        }
    }
}
