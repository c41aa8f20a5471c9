using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Repository;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal add NAME FILE</c>: a new item in a sealed file, which is made if it is missing.</summary>
internal sealed class AddCommand : ICommand
{
    public string Name => "add";

    public string Arguments => "[flags] NAME FILE";

    public string Summary => "Seals a value and adds it to a file under a new name";

    public string Description => """
        NAME is the name of the item. Its value is read from standard input, or asked for without being shown. The .seal.yaml above
        FILE says which certificate, namespace and scope belong there, so no flags are needed; without one, the flags and the cluster do.
        A file that is missing is made; in one that exists, comments and order stay. With {cluster} in FILE the value is sealed for
        every cluster whose rule matches, each in its own file.

        Examples:
          seal add db-password overlays/production/secret.yaml < password
          seal add db-password 'overlays/{cluster}/secret.yaml'
        """;

    public IReadOnlyList<FlagGroup> Flags => SealingRequest.Flags;

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var item, var file]) throw new UsageException("add needs the name of an item and a file; the value is read from standard input");
        if (SealingRequest.AreSwapped(item, file)) throw new UsageException("the file comes last: seal add NAME FILE");
        await new SealingRequest(flags, file, item, time).RunAsync("added", mayExist: false, cancellationToken);
        return ExitCode.Success;
    }
}
