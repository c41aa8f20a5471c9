using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// The documents of an encrypted text, opened, to Secrets: each is a Secret or a SopsSecret. Where it belongs counts as its author's word only where that was encrypted: the MAC of SOPS covers clear values, but neither
/// their names nor where one ends and the next begins, so that <c>shop-production</c> may become a namespace <c>shop</c> and a label <c>-production</c>. What is said in clear can only forbid.
/// </summary>
/// <param name="before">The same documents before they were opened.</param>
/// <param name="clearCounts">The MAC was verified and covers what is not encrypted.</param>
internal sealed class ManifestReader(IReadOnlyList<MapNode> before, bool clearCounts)
{
    /// <param name="documents">Opened.</param>
    /// <param name="into">As in <see cref="TemplateReader"/>.</param>
    /// <exception cref="SopsRefusedException">What was opened does not describe Secrets.</exception>
    public void Read(IReadOnlyList<MapNode> documents, List<DeclaredSecret> into)
    {
        for (var i = 0; i < documents.Count; i++) Read(documents[i], before[i], documents.Count == 1 ? "document" : $"document[{i}]", into);
    }

    private void Read(MapNode document, MapNode sealedDocument, string at, List<DeclaredSecret> into)
    {
        var metadata = SecretItems.Map(document, "metadata", at) ?? throw SecretItems.Invalid($"{at}.metadata: missing");
        var authentic = TemplateReader.AuthenticPlace(metadata["annotations"] as MapNode, (sealedDocument["metadata"] as MapNode)?["annotations"] as MapNode, SopsSecretAnnotations.BoundTo, $"{at}.metadata.annotations");
        switch (SecretItems.Text(document, "apiVersion", at), SecretItems.Text(document, "kind", at))
        {
            case (Secret.SecretApiVersion, Secret.SecretKind):
                // The Secret's own name is part of the text: under whichever name the SopsSecret goes, the same Secret comes of it.
                into.Add(ReadSecret(document, metadata, authentic ?? InClear(metadata, name: null, at), authentic is not null, at));
                break;
            case ({ } version, SopsSecret.SopsSecretKind) when version.StartsWith(SopsSecret.Group + "/", StringComparison.Ordinal):
                TemplateReader.Read(document, sealedDocument, (authentic ?? InClear(metadata, SecretItems.Text(metadata, "name", at), at), authentic is not null), into);
                break;
            default:
                throw SecretItems.Invalid($"{at}: neither a v1 Secret nor a SopsSecret");
        }
    }

    private SopsPlace? InClear(MapNode metadata, string? name, string at) => clearCounts ? Annotated(metadata, $"{at}.metadata") ?? OfNamespace(metadata, name, at) : null;

    private static SopsPlace? Annotated(MapNode metadata, string at) =>
        SecretItems.Texts(metadata, "annotations", at)?.GetValueOrDefault(SopsSecretAnnotations.BoundTo) is { } text
            ? TemplateReader.ParsePlace(text, $"{at}.annotations.{SopsSecretAnnotations.BoundTo}")
            : null;

    private static SopsPlace? OfNamespace(MapNode metadata, string? name, string at) =>
        SecretItems.Text(metadata, "namespace", $"{at}.metadata") is { Length: > 0 } ns ? new SopsPlace(ns, name) : null;

    private static DeclaredSecret ReadSecret(MapNode document, MapNode metadata, SopsPlace? place, bool isBound, string at)
    {
        if (SecretItems.Text(metadata, "name", $"{at}.metadata") is not { Length: > 0 } name) throw SecretItems.Invalid($"{at}.metadata.name: missing");
        var items = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        SecretItems.Add(items, document, "data", encoded: true, at);
        SecretItems.Add(items, document, "stringData", encoded: false, at);
        var annotations = SecretItems.Texts(metadata, "annotations", $"{at}.metadata");
        annotations?.Remove(SopsSecretAnnotations.BoundTo);
        return new DeclaredSecret(
            new Secret
            {
                Metadata = new ObjectMeta
                {
                    Name = name,
                    Labels = TrackingMetadata.Remove(SecretItems.Texts(metadata, "labels", $"{at}.metadata")),
                    Annotations = TrackingMetadata.Remove(annotations),
                },
                Type = SecretItems.Text(document, "type", at) is { Length: > 0 } type ? type : null,
                Immutable = SecretItems.Flag(document, "immutable", at),
                Data = items,
            },
            place,
            isBound);
    }
}
