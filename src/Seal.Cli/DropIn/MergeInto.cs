using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>
/// <c>--merge-into FILE</c>: seals the input for the SealedSecret in FILE and puts its items, template labels and template annotations
/// there. Name, namespace and scope are FILE's: an item sealed for anything else would never open.
/// </summary>
internal sealed class MergeInto(ParsedFlags flags, ClusterSettingsReader cluster, SealingCertificate certificate)
{
    /// <param name="input">Secrets; what a later one brings wins.</param>
    /// <param name="path">The file to change.</param>
    /// <param name="format">The form asked for; <c>null</c> keeps the file's.</param>
    public void Run(Manifest input, string path, OutputFormat? format)
    {
        if (input.Objects.Count == 0) throw new CommandException($"no secrets found. Ensure the input is valid and UTF-8 encoded\n{input.Source} is empty");
        var read = InputFile.Read(path);
        var file = Manifest.Read(read, path);
        var target = file.Objects.Count == 1
            ? file.Objects[0]
            : throw new CommandException($"{path} holds {file.Objects.Count} objects; --merge-into needs a file with one SealedSecret");
        var before = ObjectDecoder.SealedSecret(target);
        LegacyForm.Refuse(before, path);
        var scope = ScopeOf(before, path);
        var edit = new ManifestEdit(file);
        var merged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in input.Objects)
        {
            var added = Seal(source, input.IsYaml, before, scope);
            Merge(added, target, edit);
            merged.UnionWith((added.Spec.EncryptedData ?? []).Keys);
        }
        KeyHint.Mend(edit, target, before, merged, certificate);
        var content = edit.Apply();
        if (format is { } wanted && wanted == OutputFormat.Yaml != file.IsYaml)
        {
            var output = new ManifestWriter(wanted);
            output.Add(ObjectDecoder.SealedSecret(target));
            content = output.Written.ToArray();
        }
        else if (!edit.LayoutKept) Talk.Warn($"{path}: its layout does not allow changes in place; comments are lost");
        OutputFile.Change(path, read, content);
    }

    private SealingScope ScopeOf(SealedSecret before, string path)
    {
        var scope = SealingScopes.Of(before.Metadata);
        if (flags.Given(RootFlags.Scope) && SealingScopes.TryParse(flags.Text(RootFlags.Scope), out var asked) && asked != scope)
        {
            throw new CommandException(
                $"--scope {SealingScopes.Name(asked)} was given, but the SealedSecret in {path} is {SealingScopes.Name(scope)}: items of another scope would never open; leave --scope out");
        }
        return scope;
    }

    private SealedSecret Seal(ManifestObject source, bool yaml, SealedSecret before, SealingScope scope)
    {
        var secret = ObjectDecoder.SecretToSeal(source, yaml);
        if (SecretSealing.IsEmpty(secret) && !flags.On(RootFlags.AllowEmptyData))
        {
            throw new CommandException(source.Place.Explain(
                "secret.data is empty in input Secret, assuming this is an error and aborting. To work with empty data, --allow-empty-data can be used"));
        }
        if (scope != SealingScope.ClusterWide && cluster.ExplicitNamespace is { } wanted && before.Metadata.Namespace is { Length: > 0 } space && wanted != space)
            throw new CommandException(source.Place.Explain($"namespace mismatch: input secret is in namespace \"{space}\" but \"{wanted}\" was specified"));
        foreach (var problem in SecretSealing.DoubtsOfItems(secret)) Talk.Warn(source.Place.Explain(problem));
        var metadata = secret.Metadata with { Name = before.Metadata.Name, Namespace = before.Metadata.Namespace };
        var result = Sealer.Seal(secret with { Metadata = SealingScopes.Annotate(metadata, scope) }, certificate, hint: false);
        return result.Succeeded ? result.SealedSecret : throw new CommandException(source.Place.Explain(result.Failure.Message));
    }

    private static void Merge(SealedSecret added, ManifestObject target, ManifestEdit edit)
    {
        foreach (var (item, value) in added.Spec.EncryptedData ?? []) edit.Set(target, value, "spec", "encryptedData", item);
        var metadata = added.Spec.Template?.Metadata;
        foreach (var (name, value) in metadata?.Annotations ?? []) edit.Set(target, value, "spec", "template", "metadata", "annotations", name);
        foreach (var (name, value) in metadata?.Labels ?? []) edit.Set(target, value, "spec", "template", "metadata", "labels", name);
    }
}
