using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Converting;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal convert --to sops|sealed|secret FILE</c>.</summary>
internal sealed class ConvertCommand : ICommand
{
    private const string UsualRegex = "^(data|stringData)$";

    private static readonly Flag To = SopsFlags.Text("to", "FORM", "sops, sealed or secret") with { Choices = ["sops", "sealed", "secret"] };

    public string Name => "convert";

    public string Arguments => "--to sops|sealed|secret [flags] FILE|-";

    public string Summary => "Turns Secrets, SealedSecrets and Secrets encrypted by SOPS into one another";

    public string Description => """
        From a file or a pipe to standard output; values are never written to a disk. What is opened needs its private key: an age,
        SSH or OpenPGP key for SOPS, the cluster's for a SealedSecret. To SOPS, data and stringData are encrypted unless flags or
        creation rules say otherwise; to a SealedSecret, with --cert or the cluster's certificate.

        Examples:
          seal convert --to sealed --cert cert.pem --key-file age.key secret.enc.yaml > sealed.yaml
          seal convert --to sops --age age1… --private-key keys.yaml sealed.yaml > secret.enc.yaml
          kubectl get secret db -o yaml | seal convert --to sops --age age1… - > db.enc.yaml
        """;

    public bool HasSopsExitCodes => true;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Conversion", [To, RenderCommand.PrivateKey, RootFlags.Cert, RootFlags.Scope, RootFlags.Name, RootFlags.AllowEmptyData, ClusterFlags.Namespace]),
        SopsFlags.Opening, SopsFlags.Recipients, SopsFlags.What, new("Files", [SopsFlags.FilenameOverride, SopsFlags.Config, SopsFlags.Indent]), ClusterFlags.Group,
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var form = flags.TextOrNull(To) ?? throw new UsageException("convert needs --to: sops, sealed or secret");
        var input = SopsInput.Read(flags);
        var clear = await new ClearSecrets(flags, time).ReadAsync(input, cancellationToken);
        var output = form switch
        {
            "sops" => await SopsAsync(flags, input, clear, time, cancellationToken),
            "sealed" => await SealedAsync(flags, clear, time, cancellationToken),
            _ => Plain(clear),
        };
        try
        {
            Talk.Write(output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
        }
        return ExitCode.Success;
    }

    private static async Task<byte[]> SopsAsync(ParsedFlags flags, SopsInput input, Manifest clear, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = SealingPlan.For(flags, input.RulePath, SelectionRule.Create(SelectionKind.EncryptedRegex, UsualRegex));
        var text = Plain(clear);
        using var plain = SopsProblem.Tell(input.Name, () => PlainFile.Parse(text, SopsFormat.Yaml));
        CryptographicOperations.ZeroMemory(text);
        var file = await NewFile.SealAsync(flags, input.Name, plain, options, time, cancellationToken);
        return file.ToBytes(RulesFile.Layout(flags, input.RulePath));
    }

    private static async Task<byte[]> SealedAsync(ParsedFlags flags, Manifest clear, TimeProvider time, CancellationToken cancellationToken)
    {
        var certificate = await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken);
        return new SecretSealing(flags, new ClusterSettingsReader(flags), certificate).Run(clear, _ => OutputFormat.Yaml);
    }

    /// <summary>The text itself where it is a YAML stream of Secrets, so that comments and order stay; else printed anew.</summary>
    private static byte[] Plain(Manifest clear)
    {
        if (clear.IsYaml && clear.Objects.All(source => source.Place.Item == 0)) return Encoding.UTF8.GetBytes(clear.Text);
        return Encoding.UTF8.GetBytes(string.Concat(clear.Objects.Select(source => "---\n" + YamlWriter.Write(source.Node))));
    }
}
