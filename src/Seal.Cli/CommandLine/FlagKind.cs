namespace GitOpsSecrets.Seal.Cli.CommandLine;

internal enum FlagKind
{
    /// <summary>Takes a value.</summary>
    Text,

    /// <summary>Takes a whole number.</summary>
    Number,

    /// <summary><c>--flag</c>, or <c>--flag=false</c>; never takes the next argument.</summary>
    Toggle,

    /// <summary>Comma-separated values; each use adds to those before.</summary>
    List,
}
