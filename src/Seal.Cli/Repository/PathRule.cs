using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>One entry of <c>rules</c>: how values in some files are sealed.</summary>
/// <param name="Paths">Any of them.</param>
/// <param name="Clusters">Those that a path may be for; one, unless the patterns tell which by <c>{cluster}</c>.</param>
/// <param name="Scope">Null: that of the file, strict in a new one.</param>
/// <param name="Namespace">May hold places such as <c>{namespace}</c>.</param>
/// <param name="Name">May hold places too.</param>
internal sealed record PathRule(IReadOnlyList<PathPattern> Paths, IReadOnlyList<Cluster> Clusters, SealingScope? Scope, string? Namespace, string? Name);
