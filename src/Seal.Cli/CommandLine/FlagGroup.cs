namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>Flags that the help shows under one heading.</summary>
internal sealed record FlagGroup(string Heading, IReadOnlyList<Flag> Flags);
