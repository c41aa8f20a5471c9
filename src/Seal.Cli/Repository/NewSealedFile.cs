using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>The first item of a file that does not exist yet.</summary>
internal static class NewSealedFile
{
    /// <returns>The file's content, and what it was sealed for.</returns>
    /// <exception cref="CommandException">No name or namespace can be found, or the value is too large.</exception>
    public static (byte[] Content, string For) Make(string item, byte[] plaintext, SealingCertificate certificate, SealingPlace place, string? type)
    {
        var scope = place.Scope ?? SealingScope.Strict;
        var name = place.Name ?? NameOf(place.File);
        if (scope != SealingScope.ClusterWide && place.Namespace is null)
            throw new CommandException($"{place.File}: for which namespace? Say so by {RepositoryRules.FileName} (namespace) or -n");
        var metadata = SealingScopes.Annotate(new ObjectMeta { Name = name, Namespace = place.Namespace }, scope);
        var secret = new Secret { Metadata = metadata, Type = type, Data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal) { [item] = plaintext } };
        var result = Sealer.Seal(secret, certificate, hint: true);
        if (!result.Succeeded) throw new CommandException($"{place.File}: {result.Failure.Message}");
        var output = new ManifestWriter(place.File.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? OutputFormat.Json : OutputFormat.Yaml);
        output.Add(result.SealedSecret);
        return (output.Written.ToArray(), SealedFile.Describe(metadata));
    }

    // db.sealed.yaml → db
    private static string NameOf(string file)
    {
        var name = Path.GetFileName(file).Split('.')[0];
        return ObjectNames.ProblemOfSecret(name) is null ? name : throw new CommandException($"{file}: its name is no name for a Secret; say one by {RepositoryRules.FileName} (name) or --name");
    }
}
