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
            return TemplateRendering.Failed(Publishable(failure));
        }
    }

    /// <summary>
    /// What may stand in status and events, where more people read than may read the Secret. The template is public as it is; what a function made of
    /// the items is not (<c>fail .password</c>, or <c>atoi</c> of what is no number), so a failed execution is told by its place and function alone.
    /// </summary>
    private static string Publishable(TemplateException failure)
    {
        if (failure.Kind != TemplateErrorKind.Exec) return failure.Message;
        const string Calling = "error calling ";
        var detail = failure.Detail.StartsWith(Calling, StringComparison.Ordinal) ? failure.Detail.Split(':')[0] : "failed";
        return $"template: {failure.TemplateName}:{failure.Line}:{failure.Column}: executing \"{failure.Executing}\" at <{failure.Context}>: {detail} (the reason is withheld, as it may quote a value)";
    }
}
