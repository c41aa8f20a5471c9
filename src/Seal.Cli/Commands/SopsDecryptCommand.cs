using System.Security.Cryptography;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops decrypt FILE</c>.</summary>
internal sealed class SopsDecryptCommand : ICommand
{
    private static readonly Flag ExtractPath = SopsFlags.Text("extract", "PATH", "print one value or branch, as [\"stringData\"][\"password\"]");

    public string Name => "sops decrypt";

    public string Arguments => "[flags] FILE|-";

    public string Summary => "Decrypts a SOPS file";

    public string Description => """
        Prints the file in clear. The private key is found where sops finds it ($SOPS_AGE_KEY, $SOPS_AGE_KEY_FILE, $SOPS_AGE_KEY_CMD,
        $SOPS_AGE_SSH_PRIVATE_KEY_FILE, sops/age/keys.txt in your configuration folder, ~/.ssh), or named with --key-file.

        Examples:
          seal sops decrypt secret.enc.yaml
          seal sops decrypt --key-file age.key --extract '["stringData"]["password"]' secret.enc.yaml
          seal sops decrypt --key-file ~/key.asc -i settings.json
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Result", [SopsFlags.InPlace, SopsFlags.Output, ExtractPath, SopsFlags.IgnoreMac]), SopsFlags.Opening, SopsFlags.Files,
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = SopsInput.Read(flags);
        var file = ExistingFile.Parse(input);
        using var open = await ExistingFile.OpenAsync(flags, input, file, cancellationToken);
        if (!open.MacVerified) Talk.Warn($"{input.Name}: the MAC was not verified; values may have been removed, exchanged or taken from an older file");
        var layout = RulesFile.Layout(flags, input.RulePath);
        var format = input.OutputFormat(flags);
        var output = flags.TextOrNull(ExtractPath) is { } path
            ? Extract.Value(open.Plain, TreePath(path, SopsExitCode.InvalidTreePath), format, layout, input.Name)
            : SopsProblem.Tell(input.Name, () => open.Plain.ToBytes(format, layout));
        try
        {
            input.Write(flags, output, secret: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
        }
        return ExitCode.Success;
    }

    /// <exception cref="CommandException">No path of the form that sops has.</exception>
    public static NodePath TreePath(string text, int code)
    {
        try
        {
            return NodePath.Parse(text);
        }
        catch (GitOpsSecrets.Sops.SopsException failure)
        {
            throw new CommandException($"\"{text}\": {failure.Message}", failure) { Code = code };
        }
    }
}
