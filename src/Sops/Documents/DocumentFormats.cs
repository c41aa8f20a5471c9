using GitOpsSecrets.Sops.Documents.Yaml;

namespace GitOpsSecrets.Sops.Documents;

internal static class DocumentFormats
{
    public static IDocumentFormat Of(SopsFormat format) => format switch
    {
        SopsFormat.Yaml => new YamlFormat(),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
