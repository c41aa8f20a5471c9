using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Rendering;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary><c>--recovery-unseal</c>: opens SealedSecrets with private keys at hand, without a cluster.</summary>
internal sealed class Recovery(ParsedFlags flags, TimeProvider time)
{
    public byte[] Run(Manifest input, Func<Manifest, OutputFormat> format)
    {
        if (input.Objects.Count == 0) throw NoSealedSecret.In(input);
        var output = new ManifestWriter(format(input));
        using var keys = PrivateKeyFiles.Load(flags.List(RootFlags.RecoveryPrivateKey), flags.TextOrNull(RootFlags.PassphraseFile), inputIsTaken: flags.TextOrNull(RootFlags.InputFile) is null);
        var options = UnsealOptions.Default with { Templates = SealedTemplates.Renderer(time) };
        foreach (var source in input.Objects)
        {
            var sealedSecret = ObjectDecoder.SealedSecret(source);
            if (!string.IsNullOrEmpty(sealedSecret.Spec.Data)) Talk.Warn($"{source} has the deprecated form (spec.data); seal the Secret again");
            using var result = Unsealer.Unseal(sealedSecret, keys, options);
            if (!result.Succeeded) throw new CommandException(source.Place.Explain(Explain(result.Failure)));
            var secret = result.Opened.Secret;
            output.Add(secret.Data is { Count: 0 } ? secret with { Data = null } : secret);
        }
        var printed = output.Written.ToArray();
        output.Clear();
        return printed;
    }

    // The original's words come first and alone on their lines: scripts compare them. Ours say what can be done.
    private static string Explain(UnsealFailure failure) =>
        failure.Explanation == failure.Message ? failure.Message : $"{failure.Message}\n{failure.Explanation}";
}
