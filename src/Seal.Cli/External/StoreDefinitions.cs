using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>Definitions of stores that the cluster's operator wrote: the folder that the controller is given, given to a command. See docs/providers/declared.md.</summary>
internal static class StoreDefinitions
{
    public static readonly Flag Folder = new("provider-definitions", FlagKind.Text, "folder with definitions of stores of your own, as the controller is given it (docs/providers/declared.md)") { Value = "FOLDER" };

    /// <param name="folder">Null for none.</param>
    /// <exception cref="CommandException">All that is wrong with the folder's files, a line each.</exception>
    public static OwnDefinitions Read(string? folder)
    {
        if (folder is null) return OwnDefinitions.None;
        try
        {
            return OwnDefinitions.Read(folder);
        }
        catch (DefinitionException failure)
        {
            throw new CommandException($"--provider-definitions: {failure.Message}", failure);
        }
    }
}
