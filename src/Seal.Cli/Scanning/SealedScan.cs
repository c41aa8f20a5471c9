using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Repository;
using GitOpsSecrets.Seal.Cli.Verifying;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>What is wrong with a SealedSecret, as far as it can be known without a key and without a cluster.</summary>
/// <param name="rules">What the repository expects where.</param>
/// <param name="time">Says what expired means.</param>
internal sealed class SealedScan(FolderRules rules, TimeProvider time)
{
    public IEnumerable<Finding> Find(ScannedFile file, ManifestObject source, SourceNode? at, int kindAt)
    {
        SealedSecret value;
        try
        {
            value = ObjectDecoder.SealedSecret(source);
        }
        catch (CommandException)
        {
            return [file.Report(ScanRule.Malformed, kindAt, $"{ManifestPlace.Describe(source.Node)}: not the fields of a SealedSecret; seal verify says which")];
        }
        var what = ManifestPlace.Describe(source.Node);
        var own = rules.SealingFor(file.FullPath);
        var place = own?.Find(file.FullPath);
        return Items(file, value, at, what, kindAt)
            .Concat(Scope(value, place).Select(problem => file.Report(ScanRule.WrongScope, kindAt, $"{what}: {problem}")))
            .Concat(Key(file, value, place, own, kindAt, what));
    }

    private static IEnumerable<Finding> Items(ScannedFile file, SealedSecret value, SourceNode? at, string what, int kindAt)
    {
        var places = at?.Child("spec")?.Child("encryptedData")?.Entries;
        foreach (var (name, text) in value.Spec.EncryptedData ?? [])
        {
            if (SealedItem.TryDecode(text, out var bytes, out var failure) && SealedItem.TryParse(bytes, out _, out failure)) continue;
            // A patch or a template may leave the value to others.
            if (!PlainText.Is(text, base64: false)) continue;
            var offset = places?.FirstOrDefault(entry => entry.Key == name)?.KeyStart ?? kindAt;
            yield return file.Report(ScanRule.Malformed, offset, $"{what}: spec.encryptedData.{name}: {failure.Explanation}");
        }
    }

    private static IEnumerable<string> Scope(SealedSecret value, SealingPlace? place)
    {
        // Kustomize may set the namespace later: without one, nothing speaks against it.
        var space = value.Metadata.Namespace ?? value.Spec.Template?.Metadata?.Namespace ?? place?.Namespace ?? "default";
        foreach (var problem in ObjectCheck.Scope(value with { Metadata = value.Metadata with { Namespace = space } })) yield return problem;
        if (place is null) yield break;
        var scope = SealingScopes.Of(value.Metadata);
        if (place.Scope is { } wanted && wanted != scope)
            yield return $"is {SealingScopes.Name(scope)}, but {RepositoryRules.FileName} wants {SealingScopes.Name(wanted)} here";
        if (scope != SealingScope.ClusterWide && place.Namespace is { } expected && value.Metadata.Namespace is { Length: > 0 } actual && expected != actual)
            yield return $"is for namespace \"{actual}\", but {RepositoryRules.FileName} wants \"{expected}\" here";
        if (scope == SealingScope.Strict && place.Name is { } name && value.Metadata.Name is { Length: > 0 } given && name != given)
            yield return $"is named \"{given}\", but {RepositoryRules.FileName} wants \"{name}\" here";
    }

    private IEnumerable<Finding> Key(ScannedFile file, SealedSecret value, SealingPlace? place, RepositoryRules? own, int kindAt, string what)
    {
        if (place?.Cluster is not { } cluster || ClusterCertificates.FindLocal(cluster, own!.Folder) is not { } certificate) yield break;
        var hint = value.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        if (hint is not null && hint != certificate.Fingerprint)
            yield return file.Report(ScanRule.OtherKey, kindAt, $"{what}: sealed with the key {hint}; the certificate of cluster {cluster.Name} is {certificate.Fingerprint}");
        else if (certificate.NotAfter < time.GetUtcNow())
            yield return file.Report(ScanRule.Expired, kindAt, $"{what}: the certificate of cluster {cluster.Name} ended on {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}");
    }
}
