using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Commands;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Rendering;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Sealing;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Converting;

/// <summary>The input of a conversion as plain Secrets, in memory: opened if it is encrypted, whatever encrypted it.</summary>
internal sealed class ClearSecrets(ParsedFlags flags, TimeProvider time)
{
    /// <param name="input">Secrets, SealedSecrets, or one SOPS file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The same as a manifest of plain Secrets.</returns>
    /// <exception cref="CommandException">Something else, or a key is missing.</exception>
    public async Task<Manifest> ReadAsync(SopsInput input, CancellationToken cancellationToken)
    {
        var manifest = Manifest.Read(input.Bytes, input.Name);
        if (manifest.Objects.Count == 0) throw new CommandException($"{input.Name} holds no object");
        if (manifest.Objects[0].Node.ContainsKey("sops")) return await OpenSopsAsync(input, manifest, cancellationToken);
        if (manifest.Objects.Any(ObjectDecoder.IsSealedSecret)) return Unseal(manifest);
        foreach (var source in manifest.Objects) RequireSecret(source);
        return manifest;
    }

    private async Task<Manifest> OpenSopsAsync(SopsInput input, Manifest manifest, CancellationToken cancellationToken)
    {
        var format = manifest.IsYaml ? SopsFormat.Yaml : SopsFormat.Json;
        var file = SopsProblem.Tell(input.Name, () => SopsFile.Parse(input.Bytes, format));
        using var open = await ExistingFile.OpenAsync(flags, input, file, cancellationToken);
        var clear = Manifest.Read(open.Plain.ToBytes(SopsFormat.Yaml, new SopsLayout(YamlIndent: 2)), input.Name);
        foreach (var source in clear.Objects) RequireSecret(source);
        return clear;
    }

    private Manifest Unseal(Manifest manifest)
    {
        var files = flags.List(RenderCommand.PrivateKey);
        if (files.Count == 0)
        {
            throw new CommandException(
                $"{manifest.Objects.First(ObjectDecoder.IsSealedSecret)} opens with the cluster's private key alone: name a backup of it with --private-key, or take the Secret from the cluster: kubectl get secret NAME -o yaml | seal convert --to sops");
        }
        using var keys = PrivateKeyFiles.Load(files);
        var output = new ManifestWriter(OutputFormat.Yaml);
        foreach (var source in manifest.Objects)
        {
            if (!ObjectDecoder.IsSealedSecret(source)) throw new CommandException($"{source} stands between SealedSecrets; convert one kind at a time");
            using var result = Unsealer.Unseal(ObjectDecoder.SealedSecret(source), keys, UnsealOptions.Default with { Templates = SealedTemplates.Renderer(time) });
            if (!result.Succeeded) throw new CommandException($"{source}: {result.Failure.Explanation}");
            var secret = result.Opened.Secret;
            // The Secret that is written down belongs to nobody.
            output.Add(secret with { Metadata = secret.Metadata with { OwnerReferences = null } });
        }
        var text = output.Written.ToArray();
        output.Clear();
        return Manifest.Read(text, manifest.Source);
    }

    private static void RequireSecret(ManifestObject source)
    {
        if (source.Kind != Secret.SecretKind) throw new CommandException($"{source} is no Secret, SealedSecret or Secret encrypted by SOPS");
        ObjectDecoder.Secret(source, yaml: true);
    }
}
