using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Sops;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops unset FILE PATH</c>.</summary>
internal sealed class SopsUnsetCommand : ICommand
{
    private static readonly Flag Idempotent = SopsFlags.Toggle("idempotent", "it is no error when nothing stands there");

    public string Name => "sops unset";

    public string Arguments => "[flags] FILE PATH";

    public string Summary => "Takes one value or branch out of a SOPS file, in place";

    public string Description => """
        Example:
          seal sops unset secret.enc.yaml '["stringData"]["old-password"]'
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Value", [Idempotent]), SopsFlags.Opening, new("Files", [SopsFlags.InputType, SopsFlags.Config, SopsFlags.Indent]),
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var file, var text]) throw new CommandException("sops unset takes a file and a path") { Code = SopsExitCode.NoFile };
        var path = SopsDecryptCommand.TreePath(text, SopsExitCode.InvalidTreePath);
        await FileChange.ApplyAsync(
            flags,
            file,
            document =>
            {
                if (!flags.On(Idempotent) || path.Get(document) is not null) path.Unset(document);
            },
            time,
            cancellationToken);
        return ExitCode.Success;
    }
}
