using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary>A subcommand: everything about it is in its one file.</summary>
internal interface ICommand
{
    /// <summary>The words after <c>seal</c>.</summary>
    string Name { get; }

    /// <summary>What follows the name, as <c>PATH…</c>.</summary>
    string Arguments { get; }

    /// <summary>One line.</summary>
    string Summary { get; }

    /// <summary>The rest of the help: what it does, and examples.</summary>
    string Description { get; }

    IReadOnlyList<FlagGroup> Flags { get; }

    /// <summary>Whether it ends with <see cref="Sops.SopsExitCode"/> too, as it works on SOPS files.</summary>
    bool HasSopsExitCodes => Name.StartsWith("sops ", StringComparison.Ordinal);

    /// <returns>The exit code.</returns>
    Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken);
}
