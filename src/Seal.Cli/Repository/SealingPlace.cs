using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>What the rules of a repository say of one file.</summary>
/// <param name="File">The file, as the user would write it.</param>
/// <param name="Cluster">Whose certificate.</param>
/// <param name="Scope">Null: no opinion.</param>
/// <param name="Namespace">Null: no opinion.</param>
/// <param name="Name">Null: no opinion.</param>
internal sealed record SealingPlace(string File, Cluster? Cluster, SealingScope? Scope, string? Namespace, string? Name)
{
    /// <summary>The pattern of the rule that says so, as a message names it; null where none does.</summary>
    public string? Rule { get; init; }
}
