using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>Renders one entry of a SealedSecret's <c>spec.template.data</c>, with the functions the original offers and bounds it does not have.</summary>
public static class SealedTemplate
{
    private static readonly TemplateOptions Options = new() { Functions = TemplateFunctions.SealedSecrets };

    /// <param name="name">Name of the entry.</param>
    /// <param name="items">Item name → opened bytes. A missing one prints <c>&lt;no value&gt;</c>.</param>
    /// <exception cref="TemplateException">It does not parse, failed on the items, or asked for too much.</exception>
    public static byte[] Render(string name, string template, IReadOnlyDictionary<string, byte[]> items, TimeProvider time) =>
        Template.Parse(name, template, Options).Execute(GoMap.OfSecrets(items), new ExecuteOptions { Time = time }, CancellationToken.None);
}
