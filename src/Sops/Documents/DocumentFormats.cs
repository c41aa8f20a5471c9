using GitOpsSecrets.Sops.Documents.Flat;
using GitOpsSecrets.Sops.Documents.Json;
using GitOpsSecrets.Sops.Documents.Yaml;

namespace GitOpsSecrets.Sops.Documents;

internal static class DocumentFormats
{
    public static IDocumentFormat Of(SopsFormat format) => format switch
    {
        SopsFormat.Yaml => new YamlFormat(),
        SopsFormat.Json => new JsonFormat(),
        SopsFormat.Dotenv => new DotenvFormat(),
        SopsFormat.Ini => new IniFormat(),
        SopsFormat.Binary => new BinaryFormat(),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
