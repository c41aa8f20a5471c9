using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Seal.Cli.Verifying;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal verify PATH…</c>: would these SealedSecrets open?</summary>
internal sealed class VerifyCommand : ICommand
{
    private static readonly Flag Controller = new("controller", FlagKind.Toggle, "ask the cluster's controller whether each object opens") { FromEnvironment = false };

    public string Name => "verify";

    public string Arguments => "[flags] PATH… (- for standard input)";

    public string Summary => "Checks the SealedSecrets in files and folders";

    public string Description => """
        Without a cluster: the structure of each object and item; scope, name and namespace against those it was sealed for, as far as
        its template tells (-n names the namespace it will be applied to); with --cert, the key it was sealed with. With private keys,
        or with --controller, each object is opened as well. Prints one line an object; nothing is changed, no value is shown.

        Examples:
          seal verify clusters/
          seal verify -n team-b --cert cert.pem overlays/team-b/db.yaml
          seal verify --recovery-private-key keys.yaml backup/
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Verification", [RootFlags.Cert, RootFlags.RecoveryPrivateKey, RootFlags.PassphraseFile, Controller, ClusterFlags.Namespace]),
        ClusterFlags.Group,
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count == 0) throw new UsageException("verify needs a file or a folder");
        var certificate = flags.TextOrNull(RootFlags.Cert) is null ? null : await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken);
        var keyFiles = flags.List(RootFlags.RecoveryPrivateKey);
        using var keys = keyFiles.Count > 0 ? PrivateKeyFiles.Load(keyFiles, flags.TextOrNull(RootFlags.PassphraseFile), inputIsTaken: flags.Arguments.Contains(InputFile.StandardInput)) : null;
        using var controller = flags.On(Controller) ? await ControllerClient.OpenAsync(flags, cancellationToken) : null;
        var validation = new Validation(flags, time);
        var (good, bad) = (0, 0);
        foreach (var file in Files(flags.Arguments))
        {
            foreach (var (source, problem) in Read(file, flags.Arguments.Contains(file)))
            {
                var problems = problem is not null ? [problem] : await ProblemsAsync(source!);
                foreach (var text in problems) Talk.Say($"error: {(source is null ? "" : $"{source}: ")}{text}");
                if (problems.Count > 0) bad++;
                else
                {
                    good++;
                    Talk.Write($"ok {source}\n");
                }
            }
        }
        if (good + bad == 0) throw new CommandException($"no SealedSecret found in {string.Join(", ", flags.Arguments)}");
        Talk.Write($"{good} good, {bad} bad\n");
        return bad > 0 ? ExitCode.Failure : ExitCode.Success;

        Task<IReadOnlyList<string>> ProblemsAsync(ManifestObject source) => ObjectCheck.RunAsync(source, flags.TextOrNull(ClusterFlags.Namespace), certificate, keys,
            controller is null ? null : sealedSecret => validation.OpensAsync(controller, sealedSecret, cancellationToken));
    }

    private static IEnumerable<string> Files(IReadOnlyList<string> paths)
    {
        List<string> named = [.. paths.Where(path => path != InputFile.StandardInput)];
        return named.Count < paths.Count ? ManifestFiles.Find(named).Prepend(InputFile.StandardInput) : ManifestFiles.Find(named);
    }

    /// <summary>The SealedSecrets of a file, or why it cannot be read. A file that never mentions one, or is a template, need not be readable, unless it was named.</summary>
    private static List<(ManifestObject? Source, string? Problem)> Read(string file, bool named)
    {
        byte[] bytes = [];
        try
        {
            bytes = InputFile.ReadOrAwait(file);
            if (!named && !Manifest.MentionsSealedSecret(bytes)) return [];
            var manifest = Manifest.Read(bytes, ManifestPlace.SourceOf(file));
            var found = manifest.Objects.Where(ObjectDecoder.IsSealedSecret).Select(source => ((ManifestObject?)source, (string?)null)).ToList();
            return found.Count == 0 && named ? [(null, NoSealedSecret.In(manifest).Message)] : found;
        }
        catch (ManifestException) when (!named && TemplateText.Is(file, bytes))
        {
            Talk.Warn($"{file} looks like a template and was not checked; check what is made of it");
            return [];
        }
        catch (Exception failure) when (failure is ManifestException or CommandException)
        {
            return [(null, failure.Message)];
        }
    }
}
