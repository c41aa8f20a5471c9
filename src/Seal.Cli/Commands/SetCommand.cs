using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Repository;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal set FILE KEY</c>: the value of an item, new or not, in a sealed file.</summary>
internal sealed class SetCommand : ICommand
{
    public string Name => "set";

    public string Arguments => "[flags] FILE KEY";

    public string Summary => "Seals a value and sets it in a file, in place";

    public string Description => """
        As seal add, but an item that is there already is replaced. Name, namespace and scope are those of the SealedSecret in FILE;
        where .seal.yaml or a flag says otherwise nothing is written, for the value would not open.

        Examples:
          printf '%s' "$PASSWORD" | seal set overlays/production/secret.yaml db-password
          seal set overlays/production/tls.yaml tls.key --from-file key.pem
        """;

    public IReadOnlyList<FlagGroup> Flags => SealingRequest.Flags;

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var file, var item]) throw new UsageException("set needs a file and the name of an item; the value is read from standard input");
        if (SealingRequest.AreSwapped(item, file)) throw new UsageException("the file comes first: seal set FILE KEY");
        await new SealingRequest(flags, file, item, time).RunAsync("set", mayExist: true, cancellationToken);
        return ExitCode.Success;
    }
}
