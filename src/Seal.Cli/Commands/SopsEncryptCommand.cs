using System.Security.Cryptography;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops encrypt FILE</c>.</summary>
internal sealed class SopsEncryptCommand : ICommand
{
    public string Name => "sops encrypt";

    public string Arguments => "[flags] FILE|-";

    public string Summary => "Encrypts the values of a file, as SOPS does";

    public string Description => """
        Keys stay readable, values do not. Whom to encrypt to, and which values, comes from the flags or from the creation rules in the
        nearest .sops.yaml. YAML, JSON, dotenv and ini are told by their extensions; any other file is encrypted as a whole.

        Examples:
          seal sops encrypt --age age1… --encrypted-regex '^(data|stringData)$' secret.yaml > secret.enc.yaml
          seal sops encrypt -i secrets.env
          seal sops encrypt --filename-override apps/secret.yaml - < secret.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Result", [SopsFlags.InPlace, SopsFlags.Output]), SopsFlags.Recipients, SopsFlags.What, new("Keys", [SopsFlags.KeyFile]), SopsFlags.Files,
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = SopsInput.Read(flags);
        try
        {
            using var plain = SopsProblem.Tell(input.Name, () => PlainFile.Parse(input.Bytes, input.Format, SopsLimits.OwnFiles));
            var sealedFile = await EncryptAsync(flags, input, plain, time, cancellationToken);
            input.Write(flags, SopsProblem.Tell(input.Name, () => sealedFile.ToBytes(RulesFile.Layout(flags, input.RulePath), SopsLimits.OwnFiles)), secret: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input.Bytes);
        }
        return ExitCode.Success;
    }

    private static async Task<SopsFile> EncryptAsync(ParsedFlags flags, SopsInput input, PlainFile plain, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = SealingPlan.For(flags, input.RulePath);
        var format = input.OutputFormat(flags);
        if (format == SopsFormat.Binary && options.Rule is not null) Talk.Warn($"{input.Name}: is encrypted as a whole; which values to encrypt is of no use there");
        return await NewFile.SealAsync(flags, input.Name, new PlainFile(format, plain.Documents), options, time, cancellationToken);
    }
}
