namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>Where secrets are brought from.</summary>
internal interface IImportSource
{
    /// <summary>One after the other, each the taker's to dispose: no more than one lies in memory.</summary>
    /// <exception cref="CommandException">One that was asked for by name is not there, or the source does not answer.</exception>
    IAsyncEnumerable<ImportedSecret> ReadAsync(CancellationToken cancellationToken);
}
