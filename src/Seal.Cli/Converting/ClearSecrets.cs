using System.Text;
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
    /// <param name="input">Secrets, SealedSecrets, or one SOPS file, as it is or carried by a SopsSecret.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The same as a manifest of plain Secrets.</returns>
    /// <exception cref="CommandException">Something else, or a key is missing.</exception>
    public async Task<Manifest> ReadAsync(SopsInput input, CancellationToken cancellationToken)
    {
        var manifest = Manifest.Read(input.Bytes, input.Name);
        if (manifest.Objects.Count == 0) throw new CommandException($"{input.Name} holds no object");
        if (manifest.Objects[0].Node.ContainsKey("sops")) return await OpenSopsAsync(input, manifest.IsYaml ? SopsFormat.Yaml : SopsFormat.Json, cancellationToken);
        if (manifest.Objects is [var only] && SopsSecretManifest.Carried(only.Node) is { } text)
        {
            var carried = input with { Name = $"spec.document of {only}", Bytes = Encoding.UTF8.GetBytes(text) };
            return await OpenSopsAsync(carried, SopsSecretManifest.CarriedFormat(only.Node), cancellationToken, only);
        }
        if (manifest.Objects.Any(ObjectDecoder.IsSealedSecret)) return Unseal(manifest);
        foreach (var source in manifest.Objects) RequireSecret(source);
        return manifest;
    }

    /// <param name="input">The file, or what was carried.</param>
    /// <param name="format">Its format.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="carrier">The SopsSecret that carried it: its namespace is that of what comes out.</param>
    private async Task<Manifest> OpenSopsAsync(SopsInput input, SopsFormat format, CancellationToken cancellationToken, ManifestObject? carrier = null)
    {
        var file = SopsProblem.Tell(input.Name, () => SopsFile.Parse(input.Bytes, format));
        using var open = await ExistingFile.OpenAsync(flags, input, file, cancellationToken);
        var clear = Manifest.Read(open.Plain.ToBytes(SopsFormat.Yaml, new SopsLayout(YamlIndent: 2)), input.Name);
        if (carrier is not null || clear.Objects.Any(source => SopsSecretManifest.Is(source.Node))) return Expand(clear, carrier);
        foreach (var source in clear.Objects) RequireSecret(source);
        return clear;
    }

    /// <summary>The Secrets that a cluster would make of it.</summary>
    private static Manifest Expand(Manifest clear, ManifestObject? carrier)
    {
        try
        {
            var secrets = clear.Objects.SelectMany(source => carrier is null ? SopsRendering.Secrets(source.Node, source) : SopsRendering.CarriedSecrets(source.Node, carrier));
            return Manifest.Read(Encoding.UTF8.GetBytes(string.Join("---\n", secrets)), clear.Source);
        }
        catch (RenderException failure)
        {
            throw new CommandException($"{clear.Source}: {failure.Message}", failure);
        }
    }

    private Manifest Unseal(Manifest manifest)
    {
        var files = flags.List(RenderCommand.PrivateKey);
        if (files.Count == 0)
        {
            throw new CommandException(
                $"{manifest.Objects.First(ObjectDecoder.IsSealedSecret)} opens with the cluster's private key alone: name a backup of it with --private-key, or take the Secret from the cluster: kubectl get secret NAME -o yaml | seal convert --to sops");
        }
        using var keys = PrivateKeyFiles.Load(files, flags.TextOrNull(SopsFlags.PassphraseFile), manifest.Source == ManifestPlace.StandardInput);
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
