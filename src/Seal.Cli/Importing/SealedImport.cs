using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Repository;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>Secrets become SealedSecrets, in memory: for the certificate, scope, namespace and name that the rules of the folder or the flags say.</summary>
internal sealed class SealedImport(ParsedFlags flags, ImportPlace place, TimeProvider time)
{
    private readonly Dictionary<string, SealingCertificate> _certificates = [];

    public async Task AddAsync(ImportedSecret imported, CancellationToken cancellationToken)
    {
        var source = imported.Secret;
        var file = place.FileFor(source.Metadata.Name!);
        var rules = RepositoryRules.FindFor(file);
        var found = rules?.FindToSeal(file) ?? new SealingPlace(file, null, null, null, null);
        var certificate = await CertificateAsync(found, rules, cancellationToken);
        var scope = flags.Given(RootFlags.Scope) && SealingScopes.TryParse(flags.Text(RootFlags.Scope), out var asked) ? asked : found.Scope ?? SealingScope.Strict;
        var metadata = SealingScopes.Annotate(source.Metadata with { Name = found.Name ?? source.Metadata.Name, Namespace = found.Namespace ?? source.Metadata.Namespace }, scope);
        if (place.Holds(source.Metadata.Name!, present => IsSame(present, metadata, source, certificate, imported.Origin)))
        {
            place.Unchanged(source.Metadata.Name!);
            return;
        }
        var result = Sealer.Seal(source with { Metadata = metadata }, certificate, hint: true);
        if (!result.Succeeded) throw new CommandException($"{source}: {result.Failure.Message}");
        var made = result.SealedSecret;
        var annotations = new SortedDictionary<string, string>(made.Metadata.Annotations ?? [], StringComparer.Ordinal) { [ImportPlace.OriginAnnotation] = imported.Origin };
        var output = new ManifestWriter(OutputFormat.Yaml);
        output.Add(made with { Metadata = made.Metadata with { Annotations = annotations } });
        place.Write(source.Metadata.Name!, output.Written, SealedFile.Describe(metadata));
    }

    private static bool IsSame(SealedSecret present, ObjectMeta wanted, Secret source, SealingCertificate certificate, string origin) =>
        present.Metadata.Annotation(ImportPlace.OriginAnnotation) == origin
        && present.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) == certificate.Fingerprint
        && present.Metadata.Name == wanted.Name && present.Metadata.Namespace == wanted.Namespace
        && SealingScopes.Of(present.Metadata) == SealingScopes.Of(wanted)
        && (present.Spec.EncryptedData?.Keys ?? Enumerable.Empty<string>()).Order(StringComparer.Ordinal).SequenceEqual(source.Data!.Keys);

    private async Task<SealingCertificate> CertificateAsync(SealingPlace found, RepositoryRules? rules, CancellationToken cancellationToken)
    {
        var key = flags.TextOrNull(RootFlags.Cert) is null ? found.Cluster?.Name ?? "" : "";
        if (_certificates.TryGetValue(key, out var known)) return known;
        return _certificates[key] = key.Length > 0
            ? await ClusterCertificates.LoadAsync(found.Cluster!, rules!.Folder, time, cancellationToken)
            : await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken);
    }
}
