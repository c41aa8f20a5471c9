using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops set FILE PATH VALUE</c>.</summary>
internal sealed class SopsSetCommand : ICommand
{
    private static readonly Flag ValueFile = SopsFlags.Toggle("value-file", "VALUE names the file that holds the value");
    private static readonly Flag ValueStdin = SopsFlags.Toggle("value-stdin", "read the value from standard input");
    private static readonly Flag Idempotent = SopsFlags.Toggle("idempotent", "") with { Hidden = true };

    public string Name => "sops set";

    public string Arguments => "[flags] FILE PATH [VALUE]";

    public string Summary => "Sets one value of a SOPS file, in place";

    public string Description => """
        The value is JSON: "text" in quotes, a number, true, a list, a map. Everything else in the file keeps its bytes, so a diff shows
        this value alone; if it has the value already, nothing is written. A value in an argument is visible to other users of this
        machine and stays in the shell's history.

        Examples:
          printf '"%s"' "$PASSWORD" | seal sops set --value-stdin secret.enc.yaml '["stringData"]["password"]'
          seal sops set settings.enc.json '["ports"][0]' 8080
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Value", [ValueFile, ValueStdin, Idempotent]), SopsFlags.Opening, new("Files", [SopsFlags.InputType, SopsFlags.Config, SopsFlags.Indent]),
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.On(ValueFile) && flags.On(ValueStdin)) throw new CommandException("--value-file and --value-stdin cannot both hold") { Code = SopsExitCode.ConflictingParameters };
        var wanted = flags.On(ValueStdin) ? 2 : 3;
        if (flags.Arguments.Count != wanted)
            throw new CommandException($"sops set takes {(wanted == 2 ? "a file and a path" : "a file, a path and a value")}") { Code = SopsExitCode.NoFile };
        var path = SopsDecryptCommand.TreePath(flags.Arguments[1], SopsExitCode.InvalidSetPath);
        var json = ReadValue(flags);
        try
        {
            var value = SopsProblem.Tell("the value is not JSON (text needs quotes)", () => DocumentJson.Parse(json));
            await FileChange.ApplyAsync(flags, flags.Arguments[0], document => path.Set(document, value), time, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
        return ExitCode.Success;
    }

    private static byte[] ReadValue(ParsedFlags flags)
    {
        if (flags.On(ValueStdin)) return Talk.AwaitInput();
        if (flags.On(ValueFile)) return InputFile.Read(flags.Arguments[2]);
        Talk.Warn("a value in an argument is visible to other users of this machine; --value-stdin is not");
        return Encoding.UTF8.GetBytes(flags.Arguments[2]);
    }
}
