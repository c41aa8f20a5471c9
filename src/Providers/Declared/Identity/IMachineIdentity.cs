namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>How a cloud tells the controller's machine or pod who it is. Stateless.</summary>
internal interface IMachineIdentity
{
    /// <summary>What it wants to know; a question mark behind those that may be left out.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>The variables that it gives.</summary>
    IReadOnlyList<string> Gives { get; }

    /// <param name="with">The parameters that have a value.</param>
    /// <param name="to">Gets what it gives.</param>
    /// <returns>When that ends.</returns>
    /// <exception cref="ProviderException">The machine has no such identity, or the cloud does not know it.</exception>
    Task<DateTimeOffset> AskAsync(MachineSurroundings machine, IReadOnlyDictionary<string, string> with, Variables to, CancellationToken cancellationToken);
}
