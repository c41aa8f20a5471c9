namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>With whose rights key services are asked.</summary>
public sealed record KeyServiceCredentials
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>Items of a Secret that are credentials, under the names that Flux gives them, such as <c>sops.vault-token</c>.</summary>
    public IReadOnlyDictionary<string, string> Items { get; init; } = None;

    /// <summary>Environment variables that count; of a tenant's only <see cref="KeyServiceCatalog.Settings"/>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = None;

    /// <summary>Where the user's own credential files lie (<c>~</c>); null when none count.</summary>
    public string? HomeFolder { get; init; }

    /// <summary>Whether the identity of this machine or pod may be used: metadata servers, web identity files.</summary>
    public bool MayUseSurroundings { get; init; }

    /// <summary>
    /// Whether a file may say by itself which host gets the credentials. True where whoever wrote the file, or runs the command, owns them; with the
    /// credentials of the whole cluster only hosts count that the operator named or that are the cloud's own.
    /// </summary>
    public bool TrustsAddresses { get; init; }

    /// <returns>Null when it is absent or empty.</returns>
    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <returns>Null when it is absent or blank.</returns>
    public string? Item(string name) => Items.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    public override string ToString() => nameof(KeyServiceCredentials);
}
