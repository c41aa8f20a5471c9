using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Controller.Sops;

/// <summary><c>spec.secretTemplates</c>, opened, to Secrets. Of one name in both <c>data</c> and <c>stringData</c>, <c>data</c> wins, as in the original.</summary>
internal static class TemplateReader
{
    /// <param name="document">A whole SopsSecret, opened.</param>
    /// <param name="before">The same before it was opened.</param>
    /// <param name="otherwise">The place of a template that does not itself say one that is authentic, and whether that place is.</param>
    /// <param name="into">Where the Secrets go; on failure, those that were read stay in it to be overwritten.</param>
    /// <exception cref="SopsRefusedException">What was opened does not describe Secrets.</exception>
    public static void Read(MapNode document, MapNode before, (SopsPlace? Place, bool IsBound) otherwise, List<DeclaredSecret> into)
    {
        if (TemplatesOf(document) is not { } list) throw SecretItems.Invalid("spec.secretTemplates: not a list");
        // Encrypted comments are texts among the templates until they are opened.
        var sealedTemplates = TemplatesOf(before)?.Items.OfType<MapNode>().ToList() ?? [];
        var index = 0;
        foreach (var item in list.Items.Where(item => item is not CommentNode))
        {
            var at = $"spec.secretTemplates[{index}]";
            if (item is not MapNode template) throw SecretItems.Invalid($"{at}: not a map");
            var own = AuthenticPlace(template, sealedTemplates.ElementAtOrDefault(index++), SopsSecretAnnotations.BoundToField, at);
            into.Add(Read(template, own is null ? otherwise : (own, true), at));
        }
        if (index == 0) throw SecretItems.Invalid("spec.secretTemplates: empty");
    }

    /// <summary>
    /// A place beside ciphertext, where anybody can write anything, the selection rule included. It counts only if it was ciphertext and opened: nobody else
    /// can make such a thing under this data key.
    /// </summary>
    /// <param name="opened">The map that may hold the place.</param>
    /// <param name="before">The same map before it was opened; <c>null</c> when there was none.</param>
    /// <param name="name">Under which name.</param>
    /// <param name="at">Where that is, for the failure.</param>
    public static SopsPlace? AuthenticPlace(MapNode? opened, MapNode? before, string name, string at) =>
        opened?[name] is ScalarNode { Kind: ScalarKind.Text } after && before?[name] is ScalarNode { Kind: ScalarKind.Text } sealedText && sealedText.GetText() != after.GetText()
            ? ParsePlace(after.GetText(), $"{at}.{name}")
            : null;

    public static SopsPlace ParsePlace(string text, string at) =>
        SopsPlace.TryParse(text) ?? throw SecretItems.Invalid($"{at}: expected namespace/name, namespace/* or *");

    private static ListNode? TemplatesOf(MapNode document) => (document[SopsDocument.SpecKey] as MapNode)?[SopsDocument.TemplatesKey] as ListNode;

    private static DeclaredSecret Read(MapNode template, (SopsPlace? Place, bool IsBound) place, string at)
    {
        if (SecretItems.Text(template, "name", at) is not { Length: > 0 } name) throw SecretItems.Invalid($"{at}.name: missing");
        var items = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        SecretItems.Add(items, template, "stringData", encoded: false, at);
        SecretItems.Add(items, template, "data", encoded: true, at);
        return new DeclaredSecret(
            new Secret
            {
                Metadata = new ObjectMeta { Name = name, Labels = SecretItems.Texts(template, "labels", at), Annotations = SecretItems.Texts(template, "annotations", at) },
                Type = SecretItems.Text(template, "type", at) is { Length: > 0 } type ? type : null,
                Data = items,
            },
            place.Place,
            place.IsBound);
    }
}
