using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>kubeseal: one command whose flags choose what it does, in the original's order.</summary>
internal sealed class RootCommand(ParsedFlags flags, string programName, TimeProvider time)
{
    private readonly ClusterSettingsReader _cluster = new(flags);

    private bool IsKubeseal => programName == Program.OriginalName;

    /// <summary>For the original <c>-</c> is a file as any other.</summary>
    private string? OutputPath => flags.TextOrNull(RootFlags.OutputFile) is { } file ? IsKubeseal && file == OutputFile.StandardOutput ? "./-" : file : null;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        foreach (var flag in flags.Outdated) Talk.Warn($"flag --{flag.Name} has been deprecated, please use --{flag.ReplacedBy} instead");
        if (flags.On(RootFlags.Version)) Talk.Write(ProgramVersion.Describe(programName));
        else if (flags.On(RootFlags.Help)) Talk.Write(RootHelp.Text(programName));
        else if (flags.List(RootFlags.FromFile).Count > 0 && !flags.On(RootFlags.Raw)) throw new CommandException("--from-file requires --raw");
        else if (flags.On(RootFlags.RecoveryUnseal)) Print(new Recovery(flags, time).Run(ReadManifest(), Format), secret: true);
        else if (flags.On(RootFlags.Validate)) await new Validation(flags, time).RunAsync(ReadManifest(), cancellationToken);
        else if (flags.On(RootFlags.ReEncrypt) || flags.On(RootFlags.Rotate)) await ReEncryptAsync(cancellationToken);
        else await SealAsync(cancellationToken);
    }

    private async ValueTask SealAsync(CancellationToken cancellationToken)
    {
        if (flags.List(RootFlags.RecoveryPrivateKey).Count > 0 && Talk.ErrorIsTerminal)
            Talk.Warn("ignoring --recovery-private-key because unseal command not chosen with --recovery-unseal");
        if (flags.On(RootFlags.FetchCert))
        {
            Print(await CertificateSource.ReadAsync(flags, RootFlags.Cert, cancellationToken), secret: false);
            return;
        }
        var certificate = await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken);
        if (flags.TextOrNull(RootFlags.MergeInto) is { } target)
            new MergeInto(flags, _cluster, certificate).Run(ReadManifest(), target, flags.TextOrNull(RootFlags.Format) is { } asked ? ParseFormat(asked) : null);
        else if (flags.On(RootFlags.Raw))
            Print(Encoding.ASCII.GetBytes(new RawSealing(flags, _cluster).Run(ReadValue(), certificate)), secret: false);
        else Print(new SecretSealing(flags, _cluster, certificate).Run(ReadManifest(), Format), secret: false);
    }

    private async Task ReEncryptAsync(CancellationToken cancellationToken)
    {
        var manifest = ReadManifest();
        // With -f and no -w the file itself is rewritten.
        var inPlace = flags.TextOrNull(RootFlags.OutputFile) is null ? flags.TextOrNull(RootFlags.InputFile) : null;
        var asked = flags.TextOrNull(RootFlags.Format) is { } format ? ParseFormat(format) : (OutputFormat?)null;
        var output = await new ReEncryption(flags, time).RunAsync(manifest, asked ?? (inPlace is null ? Format(manifest) : null), cancellationToken);
        if (inPlace is null) Print(output, secret: false);
        else OutputFile.Change(inPlace, Encoding.UTF8.GetBytes(manifest.Text), output);
    }

    private byte[] ReadValue()
    {
        var files = flags.List(RootFlags.FromFile);
        if (files.Count > 1) throw new CommandException("must provide only one --from-file when encrypting a single item with --raw");
        if (files.Count == 1) return InputFile.Read(files[0][(files[0].IndexOf('=', StringComparison.Ordinal) + 1)..]);
        if (Talk.InputIsTerminal) Talk.Say("(tty detected: expecting a secret to encrypt in stdin)");
        return Talk.ReadInput();
    }

    private Manifest ReadManifest()
    {
        var file = flags.TextOrNull(RootFlags.InputFile);
        if (file is null && Talk.InputIsTerminal)
            Talk.Say($"(tty detected: expecting json/yaml k8s resource in stdin)");
        var bytes = file is null ? Talk.ReadInput() : ReadInputFile(file);
        try
        {
            return Manifest.Read(bytes, file ?? ManifestPlace.StandardInput);
        }
        catch (ManifestException failure)
        {
            throw new CommandException($"no secrets found. Ensure the input is valid and UTF-8 encoded\n{failure.Message}", failure);
        }
    }

    private static byte[] ReadInputFile(string file)
    {
        try
        {
            return InputFile.Read(file);
        }
        catch (CommandException failure)
        {
            throw new CommandException($"Could not read file specified with --secret-file\n{failure.Message}", failure);
        }
    }

    private void Print(ReadOnlySpan<byte> output, bool secret) => OutputFile.Print(OutputPath, output, plaintext: secret);

    /// <summary>
    /// An output file's .yaml beats all, as in the original; then what was asked for; then what the names say; then the input's own
    /// form. Under the original's name the last step is left out: scripts pipe its JSON on.
    /// </summary>
    private OutputFormat Format(Manifest input)
    {
        var file = flags.TextOrNull(RootFlags.OutputFile);
        if (file is not null && Manifest.IsYamlName(file)) return OutputFormat.Yaml;
        if (flags.TextOrNull(RootFlags.Format) is { } asked) return ParseFormat(asked);
        if (file is not null && file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return OutputFormat.Json;
        return !IsKubeseal && input.IsYaml ? OutputFormat.Yaml : OutputFormat.Json;
    }

    private static OutputFormat ParseFormat(string format) => format.ToLowerInvariant() switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        _ => throw new CommandException($"unsupported output format: {format}"),
    };
}
