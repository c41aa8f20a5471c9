using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>Renders <c>spec.template.data</c> of SealedSecrets, with the functions the original offers and bounds it does not have.</summary>
internal sealed class SecretTemplate(TimeProvider time)
{
    private static readonly TemplateOptions Options = new() { Functions = TemplateFunctions.SealedSecrets };

    public TemplateRendering Render(string name, string template, IReadOnlyDictionary<string, byte[]> items)
    {
        try
        {
            var parsed = Template.Parse(name, template, Options);
            return TemplateRendering.Of(parsed.Execute(GoMap.OfSecrets(items), new ExecuteOptions { Time = time }, CancellationToken.None));
        }
        catch (TemplateException failure)
        {
            return TemplateRendering.Failed(failure.PublicMessage);
        }
    }
}
